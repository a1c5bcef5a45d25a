// A list to pick from: typed into, walked by arrows, picked by Enter or a click. One line, or several that stay ticked.
import { fold } from "../web/fold.js";

const lists = new Map(); // what the server listed, by its address
let asked = null; // what the open picker was opened for
let filled = Promise.resolve(); // until its lines are there
let numbered = 0;

const visible = (picker) => [...picker.querySelectorAll("[role=option]:not([hidden])")];
const active = (picker) => picker.querySelector(".is-active");

export function startPicker() {
  document.addEventListener("input", typed, true);
  document.addEventListener("keydown", steer, true);
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-picker] [role=option]");
    if (line) pick(line);
  });
  document.addEventListener("toggle", closed, true);
}

/**
 * Opens beside `button`. `url` lists the lines; `words` names what is looked for; `offers` are the forms of filters that may be listed.
 * `then(value, text, line)` takes what was picked; with `chosen`, a set of values, several lines can be, and each may be taken back.
 */
export function openPicker(button, options) {
  const picker = button.closest("[data-criteria]").querySelector("[data-picker]");
  const input = picker.querySelector("input");
  asked = { ...options, button };
  input.value = options.typed ?? "";
  input.ariaLabel = input.placeholder = picker.dataset[options.words];
  picker.querySelector("[data-list]").ariaMultiSelectable = String(Boolean(options.chosen));
  picker.querySelector("[data-list]").replaceChildren();
  picker.showPopover();
  place(picker, button.getBoundingClientRect());
  input.focus();
  filled = fill(picker, asked);
}

/** Asks for the lines before anybody needs them. */
export function prefetch(url) {
  if (!lists.has(url)) lists.set(url, fetch(url, { headers: { "HX-Request": "true" } }).then((answer) => (answer.ok ? answer.text() : "")));
  return lists.get(url);
}

async function fill(picker, mine) {
  const lines = await prefetch(mine.url);
  if (asked !== mine) return;
  const list = picker.querySelector("[data-list]");
  list.innerHTML = lines;
  for (const line of list.querySelectorAll("[role=option]")) {
    line.id = `pick-${++numbered}`;
    line.folded = fold(`${line.textContent.trim()} ${line.dataset.words ?? ""}`);
    if (mine.chosen) line.ariaSelected = String(mine.chosen.has(line.dataset.value));
  }
  filter(picker);
  place(picker, mine.button.getBoundingClientRect());
}

function place(picker, beside) {
  const { width, height } = picker.getBoundingClientRect();
  const below = beside.bottom + 4;
  const above = beside.top - height - 4;
  const top = below + height <= innerHeight - 8 ? below : above >= 8 ? above : Math.max(8, innerHeight - height - 8);
  picker.style.left = `${Math.max(8, Math.min(beside.left, innerWidth - width - 8))}px`;
  picker.style.top = `${top}px`;
}

function typed(event) {
  const picker = event.target.closest?.("[data-picker]");
  if (!picker) return;
  event.stopPropagation(); // nothing of the form was changed yet
  filter(picker);
}

/** Shows the lines with all words in them. The best one is marked: of that name, else beginning so, else the first. */
function filter(picker) {
  const wanted = fold(picker.querySelector("input").value.trim());
  const words = wanted.split(/\s+/).filter(Boolean);
  for (const line of picker.querySelectorAll("[role=option]")) {
    const form = line.closest("[data-form]")?.dataset.form;
    line.hidden = (form && !asked.offers.includes(form)) || !words.every((word) => line.folded.includes(word));
  }
  for (const group of picker.querySelectorAll("[role=group]")) group.hidden = !group.querySelector("[role=option]:not([hidden])");
  const found = visible(picker);
  const named = (test) => wanted && found.find((line) => test(fold(line.textContent.trim())));
  picker.querySelector("[data-none]").hidden = found.length > 0;
  mark(picker, named((text) => text === wanted) || named((text) => text.startsWith(wanted)) || found[0]);
}

function mark(picker, line) {
  active(picker)?.classList.remove("is-active");
  const input = picker.querySelector("input");
  if (!line) return input.removeAttribute("aria-activedescendant");
  line.classList.add("is-active");
  input.setAttribute("aria-activedescendant", line.id);
  line.scrollIntoView({ block: "nearest" });
}

function steer(event) {
  const picker = event.target.closest?.("[data-picker]");
  if (!picker) return;
  const lines = visible(picker);
  const at = lines.indexOf(active(picker));
  const last = lines.length - 1;
  const moves = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at < 1 ? last : at - 1, PageDown: Math.min(last, at + 8), PageUp: Math.max(0, at - 8) };
  if (event.key in moves) mark(picker, lines[moves[event.key]]);
  else if (event.key === "Enter") filled.then(() => active(picker) && pick(active(picker)));
  else if (event.key === "Escape") picker.hidePopover();
  else if (event.key === "Tab") return leave(picker); // on to what stands after the button
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function leave(picker) {
  const { button } = asked;
  picker.hidePopover();
  button.focus();
}

function pick(line) {
  const picker = line.closest("[data-picker]");
  const text = line.textContent.trim();
  if (!asked.chosen) {
    const { then } = asked;
    picker.hidePopover();
    return then(line.dataset.value, text);
  }
  const chosen = line.ariaSelected !== "true";
  line.ariaSelected = String(chosen);
  asked.then(line.dataset.value, text, chosen);
  mark(picker, line);
  const input = picker.querySelector("input");
  input.select();
  input.focus();
  place(picker, asked.button.getBoundingClientRect());
}

/** Whoever closes the picker stands where they opened it. */
function closed(event) {
  if (!event.target.matches?.("[data-picker]") || event.newState !== "closed") return;
  const nowhere = document.activeElement === document.body || event.target.contains(document.activeElement);
  if (nowhere && asked?.button.isConnected) asked.button.focus();
}
