const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Ctrl-K: pages and commands are filtered here, records come from the server as one types. */
export function startPalette() {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const input = palette.querySelector("input");
  const open = () => {
    if (palette.open) return;
    input.value = "";
    palette.querySelector("#palette-found").replaceChildren();
    filter(palette, "");
    palette.showModal();
    input.focus();
  };
  document.addEventListener("keydown", (event) => {
    const shortcut = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const slash = event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]");
    if (!shortcut && !slash) return;
    event.preventDefault();
    if (palette.open && shortcut) palette.close();
    else open();
  });
  for (const button of document.querySelectorAll("[data-palette-open]")) button.addEventListener("click", open);
  palette.addEventListener("click", (event) => event.target === palette && palette.close());
  input.addEventListener("input", () => filter(palette, input.value));
  palette.addEventListener("htmx:afterSwap", () => choose(palette, visible(palette)[0]));
  palette.addEventListener("keydown", (event) => steer(event, palette));
}

const visible = (palette) => [...palette.querySelectorAll(".palette-line:not([hidden])")];

function filter(palette, typed) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  for (const group of palette.querySelectorAll("[data-palette-group]")) {
    let any = false;
    for (const line of group.querySelectorAll(".palette-line")) {
      const text = fold(line.textContent);
      line.hidden = !words.every((word) => text.includes(word));
      any ||= !line.hidden;
    }
    group.hidden = !any;
  }
  choose(palette, visible(palette)[0]);
}

function choose(palette, line) {
  palette.querySelector('[aria-selected="true"]')?.removeAttribute("aria-selected");
  palette.querySelector("[data-palette-none]").hidden = Boolean(line);
  const input = palette.querySelector("input");
  if (!line) return input.removeAttribute("aria-activedescendant");
  line.id ||= `palette-line-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  line.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", line.id);
  line.scrollIntoView({ block: "nearest" });
}

function steer(event, palette) {
  const lines = visible(palette);
  const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(palette, lines[(at + 1) % lines.length]);
  else if (event.key === "ArrowUp") choose(palette, lines.at(at - 1));
  else if (event.key === "Enter" && lines[at]) lines[at].click();
  else return;
  event.preventDefault();
}
