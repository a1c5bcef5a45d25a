const LEAST = 80;

/** Column widths: drawn by a handle at the heading's right edge, kept in this browser. */
export function startWidths() {
  const settle = () => document.querySelectorAll("table[data-widths]:not([data-measured])").forEach(prepare);
  settle();
  document.addEventListener("htmx:afterSettle", settle);
}

const key = (table) => `widths:${table.dataset.widths}`;
const read = (table) => JSON.parse(localStorage.getItem(key(table)) ?? "{}");

function prepare(table) {
  table.dataset.measured = "yes";
  const headings = [...table.querySelectorAll("th[data-column]")];
  const widths = read(table);
  if (headings.some((heading) => widths[heading.dataset.column])) fix(table, headings, widths);
  for (const heading of headings) {
    const handle = document.createElement("span");
    handle.className = "resizer";
    handle.setAttribute("aria-hidden", "true");
    handle.addEventListener("pointerdown", (event) => drag(event, table, headings, heading));
    heading.append(handle);
  }
}

function fix(table, headings, widths) {
  const now = headings.map((heading) => heading.offsetWidth);
  headings.forEach((heading, at) => (heading.style.width = `${widths[heading.dataset.column] ?? now[at]}px`));
  table.classList.add("is-fixed");
}

function drag(event, table, headings, heading) {
  event.preventDefault();
  fix(table, headings, read(table));
  const start = event.clientX;
  const width = heading.offsetWidth;
  const move = (moved) => (heading.style.width = `${Math.max(LEAST, width + moved.clientX - start)}px`);
  const end = () => {
    removeEventListener("pointermove", move);
    localStorage.setItem(key(table), JSON.stringify({ ...read(table), [heading.dataset.column]: heading.offsetWidth }));
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end, { once: true });
}
