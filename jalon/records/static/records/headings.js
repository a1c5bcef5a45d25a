import { widen } from "./widths.js";

let heading = null; // the one whose menu is open

/** Headings: dragged into another order, and a menu on each for whoever has no mouse. */
export function startHeadings() {
  const settle = () => document.querySelectorAll("table[data-choose]:not([data-headed])").forEach(prepare);
  settle();
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest('[popovertarget="column-menu"]');
    if (opener) heading = opener.closest("th");
    const button = event.target.closest("[data-column-menu] button");
    if (button && heading) press(button);
  });
  stayOpen();
}

/** A table that comes from the server brings a menu of its own: it opens by the same column as the one it replaces. */
function stayOpen() {
  let column = null;
  const isOpen = () => document.querySelector("#column-menu:popover-open") !== null;
  document.addEventListener("htmx:beforeSwap", () => (column = isOpen() ? heading?.dataset.column : null));
  const reopen = () => {
    if (!column || isOpen()) return;
    document.querySelector(`th[data-column="${CSS.escape(column)}"] .heading-more`)?.click();
    column = null;
  };
  document.addEventListener("htmx:afterSwap", reopen);
  document.addEventListener("htmx:oobAfterSwap", reopen);
}

function prepare(table) {
  table.dataset.headed = "yes";
  globalThis.Sortable?.create(table.tHead.rows[0], {
    draggable: "th.is-movable",
    filter: ".resizer, .heading-more",
    preventOnFilter: false,
    forceFallback: true,
    fallbackTolerance: 5,
    animation: 120,
    direction: "horizontal",
    onEnd: (event) => event.oldIndex !== event.newIndex && choose(table),
  });
}

const movable = (table) => [...table.querySelectorAll("th.is-movable")];

/** The table anew with its columns in the order of the headings; `hidden` leaves. */
function choose(table, hidden = null) {
  const column = movable(table).filter((one) => one !== hidden).map((one) => one.dataset.column);
  globalThis.htmx.ajax("POST", table.dataset.choose, { source: table, target: "#records", swap: "none", values: { column, in_place: "yes" } });
}

function press(button) {
  const table = heading.closest("table");
  const { columnSort, columnMove, columnWidth } = button.dataset;
  if (columnWidth) return widen(heading, Number(columnWidth));
  document.getElementById("column-menu").hidePopover();
  if (columnSort) return globalThis.htmx.ajax("GET", heading.dataset[columnSort], { source: table, target: "#records" }).then(() => history.pushState(null, "", heading.dataset[columnSort]));
  if (button.matches("[data-column-hide]")) return choose(table, heading);
  const neighbor = columnMove === "1" ? heading.nextElementSibling : heading.previousElementSibling;
  if (!neighbor?.matches(".is-movable")) return;
  if (columnMove === "1") neighbor.after(heading);
  else neighbor.before(heading);
  choose(table);
}

