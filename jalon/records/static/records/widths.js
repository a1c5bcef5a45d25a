import { remember } from "./remembering.js";

const LEAST = 60;

/** Column widths: drawn by a handle at the heading's right edge, remembered for this person and this view. */
export function startWidths() {
  const settle = () => document.querySelectorAll("table[data-widths]:not([data-measured])").forEach(prepare);
  settle();
  document.addEventListener("htmx:afterSettle", settle);
}

const headings = (table) => [...table.querySelectorAll("th[data-column]")];

function prepare(table) {
  table.dataset.measured = "yes";
  if (headings(table).some((heading) => heading.dataset.width)) fix(table);
  for (const heading of headings(table)) {
    const handle = document.createElement("span");
    handle.className = "resizer";
    handle.setAttribute("aria-hidden", "true");
    handle.addEventListener("pointerdown", (event) => drag(event, table, heading));
    heading.append(handle);
  }
}

/** From now on every column has a width of its own, beginning with the one it has by itself. */
function fix(table) {
  const now = headings(table).map((heading) => heading.offsetWidth);
  headings(table).forEach((heading, at) => (heading.style.width = `${heading.dataset.width || now[at]}px`));
  table.classList.add("is-fixed");
}

function drag(event, table, heading) {
  event.preventDefault();
  event.stopPropagation();
  fix(table);
  const start = event.clientX;
  const width = heading.offsetWidth;
  const move = (moved) => (heading.style.width = `${Math.max(LEAST, width + moved.clientX - start)}px`);
  const end = () => {
    removeEventListener("pointermove", move);
    keep(table, heading);
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end, { once: true });
}

/** Wider or narrower by so many pixels: what the column's menu does. */
export function widen(heading, pixels) {
  const table = heading.closest("table");
  fix(table);
  heading.style.width = `${Math.max(LEAST, heading.offsetWidth + pixels)}px`;
  keep(table, heading);
}

function keep(table, heading) {
  heading.dataset.width = heading.offsetWidth;
  remember(table.dataset.widths, { column: heading.dataset.column, width: heading.offsetWidth });
}
