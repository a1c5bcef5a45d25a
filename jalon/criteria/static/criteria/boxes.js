// Groups and filters come and go. What a filter looks like comes from the server.
import { openPicker, prefetch } from "./picker.js";

export const editorOf = (element) => element.closest("[data-criteria]");

/** Something was added, picked or taken away, which no input event tells: the count is asked anew, a guarded form has changes. */
export function changed(editor) {
  const guarded = editor.closest("form[data-guard]");
  if (guarded) guarded.dataset.changed = "yes";
  editor.dispatchEvent(new CustomEvent("criteria", { bubbles: true }));
}

export const subjects = (editor, of) => `${editor.dataset.pickedUrl}?of=${encodeURIComponent(of)}`;

const last = (key) => Number(key.split(".").pop());
const next = (keys) => Math.max(-1, ...keys.map(last)) + 1;
const filtersOf = (holder) => holder.querySelector(":scope > [data-filters]");
export const headOf = (filter) => filter.querySelector("[data-change-filter], .filter-asks select, [data-remove-filter]");
const adderOf = (holder) => holder.querySelector(":scope > [data-add-filter]");

export const heads = (editor) => [...editor.querySelectorAll("[data-groups] [data-filter]")].map(headOf);

function newKey(holder) {
  const used = [...filtersOf(holder).children].map((filter) => filter.dataset.filter);
  return `${holder.dataset.holder}.${next(used)}`;
}

export function addGroup(editor) {
  const groups = editor.querySelector("[data-groups]");
  const group = editor.querySelector("[data-group-template]").content.firstElementChild.cloneNode(true);
  const key = String(next([...groups.children].map((other) => other.dataset.group)));
  group.dataset.group = group.querySelector("[data-holder]").dataset.holder = key;
  groups.append(group);
  return group.querySelector("[data-holder]");
}

/** Asks the server for a filter about something, and puts it where it belongs; the cursor goes there. */
async function put(editor, holder, key, about, target, swap) {
  const values = { key, of: holder.dataset.of, [`about:${key}`]: about, ...("linked" in holder.dataset ? { linked: "yes" } : {}) };
  await globalThis.htmx.ajax("POST", editor.dataset.filterUrl, { source: editor.querySelector("[data-groups]"), target, swap, values });
  const filter = editor.querySelector(`[data-filter="${key}"]`);
  if (!filter) return; // the server did not answer; a notice says so
  const inside = filter.querySelector("[data-holder]");
  const first = filter.querySelector(".filter-asks select") ?? headOf(filter);
  (inside ? adderOf(inside) : first).focus();
  changed(editor);
  if (inside) pickInto(inside);
}

/** Lists what a filter may be about, and adds it. */
export function pickInto(holder) {
  const editor = editorOf(holder);
  const then = (about) => put(editor, holder, newKey(holder), about, filtersOf(holder), "beforeend");
  openPicker(adderOf(holder), { url: subjects(editor, holder.dataset.of), words: "subjects", offers: holder.dataset.offers.split(" "), then });
}

export function pickInstead(filter, button) {
  const editor = editorOf(filter);
  const holder = filter.closest("[data-holder]");
  const then = (about) => put(editor, holder, filter.dataset.filter, about, filter, "outerHTML");
  openPicker(button, { url: subjects(editor, holder.dataset.of), words: "subjects", offers: holder.dataset.offers.split(" "), then });
}

/** Takes a filter away; a group goes with its last one. The cursor moves to the next filter, else to the button that adds one. */
export function remove(filter) {
  const editor = editorOf(filter);
  const holder = filter.closest("[data-holder]");
  const group = filter.closest("[data-group]");
  const neighbor = filter.nextElementSibling ?? filter.previousElementSibling;
  const groups = editor.querySelector("[data-groups]");
  filter.remove();
  if (!group.querySelector("[data-filter]") && groups.children.length > 1) {
    const beside = group.nextElementSibling ?? group.previousElementSibling;
    group.remove();
    beside.querySelector("[data-change-filter], [data-add-filter]").focus();
  } else (neighbor ? headOf(neighbor) : adderOf(holder)).focus();
  changed(editor);
}

export function clear(editor) {
  editor.querySelector("[data-groups]").replaceChildren();
  adderOf(addGroup(editor)).focus();
  changed(editor);
}

/** The cursor to the filter before or after, whatever it stands in. */
export function walk(head, step) {
  const all = heads(editorOf(head));
  all[all.indexOf(head) + step]?.focus();
}

export const prepare = (editor) => prefetch(subjects(editor, editor.querySelector("[data-holder]").dataset.of));
