/**
 * Tables: selection with a bulk bar, rows by keyboard, grey rows while loading, prefetch on hover.
 *
 * A table with `data-table="contacts"` and checkboxes `name="id"`; a head checkbox `data-select-page`; a bar `data-bulk="contacts"`.
 * Its forms are sent `ids=1,2,3`, or `all=yes` beside their own criteria.
 * A button with `data-exactly="2"` waits for two ticked rows.
 */
export function startTables() {
  document.addEventListener("change", (event) => {
    const table = event.target.closest?.("[data-table]");
    if (!table) return;
    if (event.target.matches("input[name=id]")) reach(table, event.target);
    if (event.target.matches("[data-select-page]")) boxes(table).forEach((box) => (box.checked = event.target.checked));
    if (event.target.matches("[data-select-page], input[name=id]")) settle(table);
  });
  document.addEventListener("click", (event) => {
    shifted = event.shiftKey;
    const bar = event.target.closest("[data-bulk]");
    if (bar) press(event, bar);
  });
  document.addEventListener("htmx:afterSettle", () =>
    document.querySelectorAll("[data-table]").forEach((table) => settle(table)),
  );
  document.addEventListener("htmx:beforeRequest", wait);
  document.addEventListener("keydown", walk);
  document.addEventListener("mouseover", prefetch, { passive: true });
}

let last = null;
let shifted = false;

/** Shift and a click take every row between the last box and this one along. */
function reach(table, box) {
  const every = boxes(table);
  const [from, to] = [every.indexOf(last), every.indexOf(box)].sort((one, other) => one - other);
  if (shifted && from >= 0) for (const between of every.slice(from, to + 1)) between.checked = box.checked;
  last = box;
}

const boxes = (table) => [...table.querySelectorAll("input[name=id]")];
const barOf = (table) => document.querySelector(`[data-bulk="${table.dataset.table}"]`);

function settle(table, all = false) {
  const bar = barOf(table);
  if (!bar) return;
  const every = boxes(table);
  const chosen = every.filter((box) => box.checked);
  const head = table.querySelector("[data-select-page]");
  if (head) {
    head.checked = every.length > 0 && chosen.length === every.length;
    head.indeterminate = chosen.length > 0 && !head.checked;
  }
  for (const box of every) box.closest("tr").classList.toggle("is-selected", box.checked);
  bar.hidden = chosen.length === 0;
  bar.dataset.all = all ? "yes" : "";
  bar.querySelector("[data-bulk-count]").textContent = all
    ? bar.dataset.total
    : chosen.length.toLocaleString(document.documentElement.lang);
  const more = bar.querySelector("[data-bulk-all]");
  if (more) more.hidden = all || !head?.checked;
  send(bar, chosen, all);
}

/** The bar's forms carry the selection in hidden fields. */
function send(bar, chosen, all) {
  for (const form of bar.querySelectorAll("form")) {
    form.querySelectorAll("input[data-chosen]").forEach((field) => field.remove());
    const field = document.createElement("input");
    const ids = chosen.map((box) => box.value).join(",");
    Object.assign(field, { type: "hidden", ...(all ? { name: "all", value: "yes" } : { name: "ids", value: ids }) });
    field.dataset.chosen = "";
    form.append(field);
    for (const button of form.querySelectorAll("[data-exactly]"))
      button.disabled = all || chosen.length !== Number(button.dataset.exactly);
  }
}

function press(event, bar) {
  const table = document.querySelector(`[data-table="${bar.dataset.bulk}"]`);
  if (event.target.closest("[data-bulk-all]")) settle(table, true);
  if (event.target.closest("[data-bulk-clear]")) {
    boxes(table).forEach((box) => (box.checked = false));
    settle(table);
  }
}

/** j and k, or the arrows, move between rows; Enter opens; x selects; e opens the preview. */
function walk(event) {
  if (
    event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [data-menu]") ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey
  )
    return;
  const rows = [...document.querySelectorAll("[data-table] tbody tr")];
  const row = document.activeElement.closest?.("[data-table] tbody tr");
  const at = rows.indexOf(row);
  const step = { j: 1, k: -1, ArrowDown: row && 1, ArrowUp: row && -1 }[event.key];
  if (step) focus(rows[Math.max(0, Math.min(rows.length - 1, at + step))]);
  else if (event.key === "x" && row) row.querySelector("input[name=id]")?.click();
  else if (event.key === "e" && row) row.querySelector("[data-preview]")?.click();
  else return;
  event.preventDefault();
}

const focus = (row) => row?.querySelector("a[href]")?.focus();

const PATIENCE = 300;

/** Rows turn grey when their successors take longer than one notices; a failed request gives them back. */
function wait({ detail }) {
  const table = detail.target.querySelector?.("table.data");
  if (!table) return;
  const timer = setTimeout(() => table.classList.add("is-loading"), PATIENCE);
  detail.xhr.addEventListener("loadend", () => {
    clearTimeout(timer);
    table.classList.remove("is-loading");
  });
}

const fetched = new Set();

/** The page behind a link with data-prefetch is asked for while the pointer rests on it. */
function prefetch(event) {
  const link = event.target.closest?.("a[data-prefetch]");
  if (!link || fetched.has(link.href)) return;
  fetched.add(link.href);
  const hint = document.createElement("link");
  hint.rel = "prefetch";
  hint.href = link.href;
  document.head.append(hint);
}
