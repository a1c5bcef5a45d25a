// The criteria editor: groups and filters come and go, a property is picked from a list. What a filter looks like, its count and its
// problems come from the server, so there is one language of filters and it is not spoken here.
import { openPicker, startPicker } from "./picker.js";

const form = (element) => element.closest("form[data-criteria]");
const changed = (editor) => editor.dispatchEvent(new CustomEvent("criteria", { bubbles: true }));
const numbers = (editor, selector, read) => [...editor.querySelectorAll(selector)].map((element) => Number(read(element)));
const next = (used) => Math.max(-1, ...used) + 1;

function newKey(group) {
  const used = numbers(group, "[data-filter]", (filter) => filter.dataset.filter.split(".")[1]);
  return `${group.dataset.group}.${next(used)}`;
}

function addGroup(editor) {
  const group = editor.querySelector("[data-group-template]").content.firstElementChild.cloneNode(true);
  group.dataset.group = String(next(numbers(editor, "[data-groups] > [data-group]", (other) => other.dataset.group)));
  editor.querySelector("[data-groups]").append(group);
  return group;
}

/** Asks the server for a filter on this property, and puts it where it belongs. */
function put(editor, key, property, target, swap) {
  return globalThis.htmx.ajax("POST", editor.dataset.filterUrl, { source: editor.querySelector("[data-groups]"), target, swap, values: { key, [`property:${key}`]: property, filter: key, focus: "operator" } });
}

function pickInto(group, button) {
  const editor = form(group);
  openPicker(editor, button, (property) => put(editor, newKey(group), property, group.querySelector("[data-filters]"), "beforeend"));
}

function pickInstead(filter, button) {
  const editor = form(filter);
  openPicker(editor, button, (property) => put(editor, filter.dataset.filter, property, filter, "outerHTML"));
}

function remove(filter) {
  const editor = form(filter);
  const group = filter.closest("[data-group]");
  const neighbor = filter.previousElementSibling ?? filter.nextElementSibling;
  filter.remove();
  if (!group.querySelector("[data-filter]") && editor.querySelectorAll("[data-groups] > [data-group]").length > 1) group.remove();
  (neighbor?.querySelector("[data-change-property]") ?? editor.querySelector("[data-add-filter]")).focus();
  changed(editor);
}

function clear(editor) {
  editor.querySelector("[data-groups]").replaceChildren();
  addGroup(editor);
  changed(editor);
  editor.querySelector("[data-add-filter]").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const editor = button && form(button);
  if (!editor) return;
  if (button.matches("[data-add-filter]")) pickInto(button.closest("[data-group]"), button);
  else if (button.matches("[data-change-property]")) pickInstead(button.closest("[data-filter]"), button);
  else if (button.matches("[data-remove-filter]")) remove(button.closest("[data-filter]"));
  else if (button.matches("[data-clear]")) clear(editor);
  else if (button.matches("[data-add-group]")) {
    const group = addGroup(editor);
    pickInto(group, group.querySelector("[data-add-filter]"));
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  const editor = document.querySelector("form[data-criteria]");
  if (!editor) return;
  const path = event.detail.requestConfig?.path;
  const input = editor.querySelector("[autofocus]");
  input?.removeAttribute("autofocus");
  input?.focus();
  if (path === editor.dataset.filterUrl) changed(editor);
  else if (event.detail.target?.id === "drawer" && !editor.querySelector("[data-filter]")) editor.querySelector("[data-add-filter]").click();
});

document.addEventListener("input", (event) => {
  if (!event.target.matches?.("[data-find-choice]")) return;
  const wanted = event.target.value.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  for (const line of event.target.nextElementSibling.children) line.hidden = !line.textContent.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().includes(wanted);
});

/** Where the editor serves a field of a form, the field takes the criteria and shows them in words. */
document.addEventListener("criteria-chosen", (event) => {
  const { field, criteria, groups } = event.detail;
  const input = document.getElementById(field);
  const chips = input.closest("[data-criteria-field]").querySelector("[data-chips]");
  const words = groups.flatMap((group, at) => [...(at ? [["chip-or", chips.dataset.or]] : []), ...group.map((text) => ["chip", text])]);
  chips.replaceChildren(...words.map(([name, text]) => Object.assign(document.createElement("span"), { className: name, textContent: text })));
  input.value = criteria;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  document.querySelector("#drawer [data-drawer-close]")?.click();
});

startPicker();
