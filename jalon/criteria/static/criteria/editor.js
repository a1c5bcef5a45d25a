// The criteria editor: what a click, a key and an answer of the server do in it. Which filters there are, what they look like, how
// many records match and what is wrong comes from the server, so there is one language of filters and it is not spoken here.
import { addGroup, changed, clear, editorOf, headOf, pickInstead, pickInto, prepare, remove, walk } from "./boxes.js";
import { startPicker } from "./picker.js";
import { choose, drop, expectChoice } from "./values.js";

const current = () => document.querySelector("[data-criteria]");
let byPointer = true; // whether the last thing that happened was a click

const CLICKS = {
  "[data-add-filter]": (button) => pickInto(button.closest("[data-holder]")),
  "[data-change-filter]": (button) => pickInstead(button.closest("[data-filter]"), button),
  "[data-remove-filter]": (button) => remove(button.closest("[data-filter]")),
  "[data-add-group]": (button) => pickInto(addGroup(editorOf(button))),
  "[data-choose]": (button) => choose(button),
  "[data-remove-token]": (button) => drop(button.closest("[data-token]")),
};

let wanted = ""; // the filter whose words were clicked, before the editor is there

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches("[data-edit-filter]")) {
    wanted = button.dataset.editFilter;
    return document.getElementById("open-filters").click();
  }
  if (button.matches("[data-clear]") && current()) return clear(current());
  const act = editorOf(button) && Object.entries(CLICKS).find(([selector]) => button.matches(selector))?.[1];
  act?.(button);
});

document.addEventListener("focusin", (event) => event.target.matches?.("[data-choose]") && expectChoice(event.target));
document.addEventListener("pointerdown", () => (byPointer = true), true);
document.addEventListener("keydown", (event) => {
  byPointer = false;
  const editor = event.target.closest?.("[data-criteria]");
  if (!editor || event.defaultPrevented) return;
  if (pressed(event, event.target)) event.preventDefault();
});

/** What a key does where it means more than it does by itself; whether it did something. */
function pressed(event, on) {
  const deletes = event.key === "Delete" || event.key === "Backspace";
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (on.matches("[data-change-filter]") && step) walk(on, step);
  else if (on.matches("[data-change-filter]") && deletes) remove(on.closest("[data-filter]"));
  else if (on.matches("[data-remove-token]") && deletes) drop(on.closest("[data-token]"));
  else if (on.matches("[data-choose]") && deletes) on.previousElementSibling?.matches("[data-token]") && drop(on.previousElementSibling);
  else if (on.matches("[data-choose]") && event.key === "ArrowDown") choose(on);
  else if (on.matches("[data-choose]") && /^[\p{L}\p{N}]$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) choose(on, event.key);
  else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) on.form?.requestSubmit();
  else if (event.key === "Enter" && on.matches("input") && !on.closest(".criteria-drawer")) on.closest("[data-holder]").querySelector(":scope > [data-add-filter]").focus();
  else return false;
  return true;
}

/** What was said about the criteria as they were holds no more. */
function outdated(event) {
  const editor = event.target.closest?.("[data-criteria]");
  editor?.querySelectorAll("[data-mark]:not(:empty)").forEach((mark) => Object.assign(mark, { className: "filter-mark" }).replaceChildren());
}
document.addEventListener("input", outdated);
document.addEventListener("criteria", outdated);

// Somebody may move and type on before an answer comes that lays the inputs out anew: what was typed after its question stays, and so
// does the cursor.
const CONTROLS = "input:not([type=hidden]), select, textarea, button";
const typedIn = (asked) => [...asked.querySelectorAll("[data-typed]")];
document.addEventListener("input", (event) => event.target.closest?.(".asked") && (event.target.dataset.typed = ""));
document.addEventListener("htmx:beforeRequest", (event) => typedIn(event.detail.target).forEach((input) => delete input.dataset.typed));
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (!target.matches?.(".asked")) return;
  target.typed = typedIn(target).map((input) => [input.name, input.value]);
  target.held = target.contains(document.activeElement) ? document.activeElement : null;
});

/** The inputs as somebody left them when the answer came. */
function asLeft(asked) {
  const named = (name) => [...asked.querySelectorAll(CONTROLS)].find((control) => name && control.name === name);
  for (const [name, value] of asked.typed ?? []) Object.assign(named(name) ?? {}, { value });
  if (asked.held) (named(asked.held.name) ?? asked.querySelector(CONTROLS) ?? asked.previousElementSibling).focus();
  delete asked.typed;
  delete asked.held;
}

document.addEventListener("htmx:afterSwap", (event) => {
  const { target } = event.detail;
  if (target.id === "criteria-verdict") settle(target);
  else if (target.matches(".asked")) {
    asLeft(target);
    changed(editorOf(target));
    if (byPointer && !target.contains(document.activeElement)) target.querySelector(CONTROLS)?.focus();
  } else if (target.id === "drawer") begin(target.querySelector("[data-criteria]"));
});

/** Puts the sentences of an answer beside their filters. One that stands there already is left alone, so that it is not read out again. */
function settle(verdict) {
  const told = new Map([...verdict.querySelectorAll("[data-beside]")].map((told) => [told.dataset.beside, told]));
  for (const place of current()?.querySelectorAll("[data-problems]") ?? []) {
    const words = told.get(place.dataset.problems);
    if ((words?.textContent.trim() ?? "") !== place.textContent.trim()) place.replaceChildren(...(words?.childNodes ?? []));
    const filter = place.closest("[data-filter]");
    filter.querySelector(":scope > .filter-head").querySelectorAll("input:not([type=hidden]), textarea").forEach((input) => (input.ariaInvalid = words ? "true" : null));
  }
  verdict.querySelectorAll("[data-beside]").forEach((words) => words.remove());
}

function begin(editor) {
  if (!editor) return;
  prepare(editor);
  const asked = wanted && editor.querySelector(`[data-filter="${wanted}"]`);
  wanted = "";
  if (asked) return requestAnimationFrame(() => edit(asked)); // after the drawer took the cursor
  if ("begins" in editor.dataset && !editor.querySelector("[data-groups] [data-filter]")) pickInto(editor.querySelector("[data-holder]"));
}

function edit(filter) {
  filter.scrollIntoView({ block: "center" });
  headOf(filter).focus({ preventScroll: true });
}

/** Where the editor serves a field of a form, the field takes the criteria and shows them in words. */
document.addEventListener("criteria-chosen", (event) => {
  const { field, criteria, chips } = event.detail;
  const input = document.getElementById(field);
  const line = input.closest("[data-criteria-field]").querySelector("[data-chips]");
  const made = (name, text) => Object.assign(document.createElement("span"), { className: name, textContent: text });
  line.replaceChildren(...chips.flatMap(([words, starts]) => [...(starts ? [made("chip-or", line.dataset.or)] : []), made("chip", words)]));
  input.value = criteria;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  document.querySelector("#drawer [data-drawer-close]")?.click();
});

startPicker();
begin(current());
