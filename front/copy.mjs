// Copies the front-end packages, as published, from node_modules into the static files. Run by `make front`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const packages = join(root, "node_modules");
const statics = join(root, "jalon/web/static/vendor");
const icons = join(root, "jalon/web/vendor");

const FILES = {
  "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "alpine-csp.min.js": "@alpinejs/csp/dist/cdn.min.js",
  "sortable.min.js": "sortablejs/Sortable.min.js",
  "vega.min.js": "vega/build/vega.min.js",
  "vega-lite.min.js": "vega-lite/build/vega-lite.min.js",
  "vega-embed.min.js": "vega-embed/build/vega-embed.min.js",
  "vega-interpreter.js": "vega-interpreter/build/vega-interpreter.js",
};

const WEIGHTS = [400, 600];
const SUBSETS = ["latin", "latin-ext"];

/** The maps are not copied, and the hashing of static files refuses a reference to a file that is not there. */
function withoutSourceMap(text) {
  return text.replace(/\/[/*]# sourceMappingURL=\S+(\s*\*\/)?\s*$/, "");
}

/** A browser cannot resolve the bare name "vega-util"; vega.min.js, loaded before, carries the same functions. */
function withGlobalVega(text) {
  return text.replace(/import (\{[^}]*\}) from 'vega-util';/, "const $1 = globalThis.vega;");
}

function copyScripts() {
  for (const [name, source] of Object.entries(FILES)) {
    const text = withoutSourceMap(readFileSync(join(packages, source), "utf8"));
    writeFileSync(join(statics, name), name === "vega-interpreter.js" ? withGlobalVega(text) : text);
  }
}

function copyFonts() {
  for (const subset of SUBSETS) {
    for (const weight of WEIGHTS) {
      const name = `inter-${subset}-${weight}-normal.woff2`;
      writeFileSync(join(statics, name), readFileSync(join(packages, "@fontsource/inter/files", name)));
    }
  }
}

/** One line per outline icon: its name, a tab, its shapes. The `icon` tag reads the lines it needs. */
function writeIcons() {
  const nodes = JSON.parse(readFileSync(join(packages, "@tabler/icons/tabler-nodes-outline.json"), "utf8"));
  const shape = ([tag, attributes]) =>
    `<${tag} ${Object.entries(attributes)
      .map(([key, value]) => `${key}="${value}"`)
      .join(" ")}/>`;
  const lines = Object.entries(nodes).map(([name, shapes]) => `${name}\t${shapes.map(shape).join("")}`);
  writeFileSync(join(icons, "icons.tsv"), lines.sort().join("\n") + "\n");
}

for (const folder of [statics, icons]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
copyScripts();
copyFonts();
writeIcons();
