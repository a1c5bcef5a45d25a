import { searches, visited, remember } from "./lately.js";
import { fold } from "./fold.js";

const MOST_COMMANDS = 5; // beside what is found; without a word all of them are shown

/**
 * Ctrl-K. Pages and commands are filtered here and stand above what the server finds, so that nothing moves away under
 * the reader when that arrives.
 */
export function startPalette() {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const user = palette.dataset.user;
  remember(user, "paths", /^\/\w+\/\d+\/$/.test(location.pathname) ? location.pathname : "");
  const input = palette.querySelector("input[name=q]");
  listen(palette, input, user);
  input.addEventListener("input", () => typed(palette));
  palette.addEventListener("htmx:afterSwap", (event) => arrived(palette, event));
  palette.addEventListener("keydown", (event) => steer(event, palette));
  palette.addEventListener("click", (event) => {
    const line = event.target.closest(".palette-line");
    const again = event.target.closest("[data-palette-again]");
    if (again) return search(palette, again.textContent);
    if (line?.closest("#palette-found")) remember(user, "searches", input.value.trim());
    if (event.target === palette || event.target.closest("[data-palette-close]")) palette.close();
  });
}

function listen(palette, input, user) {
  const open = () => {
    if (palette.open) return;
    input.value = "";
    palette.querySelector("#palette-found").replaceChildren();
    showLately(palette, user);
    typed(palette);
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
}

/** What was opened lately takes its room at once; the server then says what it is called, if it may still be seen. */
function showLately(palette, user) {
  const recent = palette.querySelector("#palette-recent");
  const paths = visited(user).filter((path) => path !== location.pathname);
  if (paths.length && !recent.childElementCount) {
    recent.innerHTML = '<div class="palette-line palette-waiting"><span></span></div>'.repeat(paths.length);
    const query = new URLSearchParams(paths.map((path) => ["path", path]));
    window.htmx.ajax("GET", `${palette.dataset.recentUrl}?${query}`, { target: recent, source: recent });
  }
  const list = palette.querySelector("#palette-searches");
  const model = palette.querySelector("template");
  list.replaceChildren(
    ...searches(user).map((words) => {
      const line = model.content.cloneNode(true);
      line.querySelector("span").textContent = words;
      return line;
    }),
  );
}

function search(palette, words) {
  const input = palette.querySelector("input[name=q]");
  input.value = words;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.focus();
}

function typed(palette) {
  const words = fold(palette.querySelector("input[name=q]").value).split(/\s+/).filter(Boolean);
  palette.dataset.moved = "";
  palette.dataset.settled = words.length ? "" : "yes";
  if (!words.length) palette.querySelector("#palette-found").replaceChildren();
  for (const group of palette.querySelectorAll("[data-palette-lately]")) {
    group.hidden = words.length > 0 || !group.querySelector(":scope > div > *");
  }
  let left = words.length ? MOST_COMMANDS : Infinity;
  for (const group of palette.querySelectorAll("[data-palette-group]")) left -= filter(group, words, left);
  choose(palette, lines(palette)[0]);
}

/** Shows the lines of a group in which every word begins a word; without words those of the groups that wait for none. */
function filter(group, words, most) {
  let shown = 0;
  for (const line of group.querySelectorAll(".palette-line")) {
    const text = ` ${fold(line.textContent).replace(/[^\p{L}\p{N}]+/gu, " ")}`;
    const fits = words.length ? words.every((word) => text.includes(` ${word}`)) : group.dataset.paletteGroup !== "typed";
    line.hidden = !fits || shown >= most;
    shown += line.hidden ? 0 : 1;
  }
  group.hidden = !shown;
  return shown;
}

function arrived(palette, event) {
  event.target.removeAttribute("data-palette-asking");
  palette.dataset.settled = palette.querySelector("[data-palette-asking]") ? "" : "yes";
  const chosen = palette.querySelector('[aria-selected="true"]');
  choose(palette, palette.dataset.moved && chosen ? chosen : lines(palette)[0]);
}

const lines = (palette) => [...palette.querySelectorAll(".palette-line[role=option]:not([hidden])")].filter((line) => !line.closest("[hidden]"));

function choose(palette, line) {
  palette.querySelector('[aria-selected="true"]')?.removeAttribute("aria-selected");
  palette.querySelector("[data-palette-none]").hidden = Boolean(line) || !palette.dataset.settled;
  const input = palette.querySelector("input[name=q]");
  if (!line) return input.removeAttribute("aria-activedescendant");
  line.id ||= `palette-line-${crypto.getRandomValues(new Uint32Array(1))[0]}`;
  line.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", line.id);
  line.scrollIntoView({ block: "nearest" });
}

function steer(event, palette) {
  const all = lines(palette);
  const at = all.findIndex((line) => line.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") choose(palette, all[(at + 1) % all.length]);
  else if (event.key === "ArrowUp") choose(palette, all.at(at - 1));
  else if (event.key === "Enter" && all[at]) enter(all[at], event.ctrlKey || event.metaKey, palette);
  else return;
  if (event.key !== "Enter") palette.dataset.moved = "yes";
  event.preventDefault();
}

function enter(line, apart, palette) {
  if (!apart || !line.href) return line.click();
  if (line.closest("#palette-found")) remember(palette.dataset.user, "searches", palette.querySelector("input[name=q]").value.trim());
  window.open(line.href, "_blank", "noopener");
}
