// Draws every [data-plot] with Vega: in the theme of the page, again when the theme changes, and whenever htmx brings a new one.
import { expressionInterpreter } from "../vendor/vega-interpreter.js";

const drawn = new WeakMap();

// Vega fits a chart to its container when the window changes; a drawer or the rail changes the container alone.
const widths = new WeakMap();
const watch = new ResizeObserver((entries) => {
  let changed = false;
  for (const { target, contentRect } of entries) {
    changed ||= widths.has(target) && widths.get(target) !== contentRect.width;
    widths.set(target, contentRect.width);
  }
  if (changed) dispatchEvent(new Event("resize"));
});

async function draw(figure) {
  drawn.get(figure)?.finalize();
  const look = JSON.parse(figure.dataset.look);
  const dark = document.documentElement.dataset.bsTheme === "dark";
  const result = await globalThis.vegaEmbed(figure, JSON.parse(figure.dataset.plot), {
    mode: "vega-lite",
    actions: false,
    ast: true, // the page's policy forbids eval: expressions are interpreted
    expr: expressionInterpreter,
    defaultStyle: false,
    renderer: "canvas", // the SVG renderer writes style attributes, which the policy forbids too
    config: dark ? look.dark : look.light,
    formatLocale: look.locale,
    loader: { target: "_self" },
    tooltip: { disableDefaultStyle: true, theme: "jalon" },
  });
  drawn.set(figure, result);
  figure.dataset.drawn = "yes";
  watch.observe(figure);
}

function drawAll() {
  for (const figure of document.querySelectorAll("[data-plot]")) draw(figure);
}

document.addEventListener("htmx:afterSettle", (event) => {
  for (const figure of event.target.querySelectorAll?.("[data-plot]") ?? []) draw(figure);
});
new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
drawAll();
