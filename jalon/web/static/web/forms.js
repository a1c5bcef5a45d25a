import { fold } from "./fold.js";

/** Forms: unsaved changes are guarded, a form is sent once, the sentence with the problems gets the focus, text can be copied, titles are edited in place, and a page that refreshes itself waits for whoever types. */
export function startForms() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-guard]");
    if (form) form.dataset.changed = "yes";
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.submitter?.matches("[formtarget=_blank], [data-download]")) return; // the page stays: as often as one likes
    delete form.dataset.changed;
    if (form.dataset.sent === "yes") event.preventDefault();
    else if (form.method === "post" && !form.hasAttribute("hx-post")) form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () =>
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent),
  );
  addEventListener("beforeunload", (event) => {
    if (document.querySelector('form[data-changed="yes"]')) event.preventDefault();
  });
  document.addEventListener("click", copy);
  document.addEventListener("input", narrow);
  document.addEventListener("click", lead);
  document.addEventListener("change", (event) => {
    if (event.target.matches?.(".title-input")) event.target.form.requestSubmit();
  });
  document.addEventListener("keydown", keep);
  document.addEventListener("htmx:beforeOnLoad", stay);
  document.querySelector("[data-focus]")?.focus();
}

/** A page that opens itself anew when work in the background has ended waits until nobody types or chooses on it: it asks again each second. */
function stay(event) {
  const { elt, xhr } = event.detail;
  const asksAgain = elt.getAttribute("hx-trigger")?.startsWith("every");
  if (asksAgain && xhr.getResponseHeader("HX-Refresh") === "true" && isInUse()) event.preventDefault();
}

function isInUse() {
  if (document.querySelector("#drawer > *, main [popover]:popover-open, dialog[open]")) return true;
  const typed = [...document.querySelectorAll("main :is(input, textarea):not([type=hidden], [type=search])")];
  return typed.some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);
}

/** From a problem to its field. The address stays: with the field's name in it, the next answer would focus the field, not its problems. */
function lead(event) {
  const link = event.target.closest('.errors a[href^="#"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const inputs = "input:not([type=hidden]), select, textarea, button";
  (field.matches(inputs) ? field : (field.querySelector(inputs) ?? field)).focus();
  field.scrollIntoView({ block: "center" });
}

/** A button with `data-copy="#id"` copies that field, and says so in its own `data-done`. */
async function copy(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.querySelector(button.dataset.copy);
  field.select?.();
  const text = field.value ?? field.textContent;
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else document.execCommand("copy"); // plain http on another name than localhost has no clipboard
  const word = button.querySelector("span") ?? button;
  const before = word.textContent;
  word.textContent = button.dataset.done ?? before;
  setTimeout(() => (word.textContent = before), 1500);
}

/** A box with `data-filter-rows="#list"` hides the rows of a list whose `data-label` has not what was typed; case and accents do not matter. */
function narrow(event) {
  const list = event.target.matches?.("[data-filter-rows]") && document.querySelector(event.target.dataset.filterRows);
  if (!list) return;
  const wanted = fold(event.target.value.trim());
  for (const row of list.children) row.hidden = !fold(row.dataset.label).includes(wanted);
}

/** Enter keeps a title, Escape puts the old one back; a title has no lines. */
function keep(event) {
  if (!event.target.matches?.(".title-input") || !["Enter", "Escape"].includes(event.key)) return;
  event.preventDefault();
  if (event.key === "Escape") event.target.value = event.target.defaultValue;
  event.target.blur();
}
