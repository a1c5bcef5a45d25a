// The report page: the box that filters the table, and the copy button.
import { fold } from "../web/fold.js";

/** Rows whose label holds the text stay; the totals below do not change. */
function filter(box) {
  const table = document.getElementById(box.getAttribute("aria-controls"));
  const wanted = fold(box.value.trim());
  let left = 0;
  for (const row of table.tBodies[0].rows) {
    row.hidden = !fold(row.dataset.label ?? "").includes(wanted);
    if (!row.hidden) left += 1;
  }
  const none = document.querySelector(`[data-none="${table.id}"]`);
  if (none) none.hidden = left > 0;
}

/** Case and accents do not matter. */

/** The table as text with tabs, which spreadsheets take. */
async function copy(button) {
  const table = document.getElementById(button.dataset.copyTable);
  const text = [...table.rows]
    .filter((row) => !row.hidden)
    .map((row) => [...row.cells].map((cell) => (cell.dataset.exact ?? cell.innerText).trim()).join("\t"))
    .join("\n");
  if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else copyFromField(text);
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = button.dataset.done;
  setTimeout(() => (words.textContent = before), 1500);
}

/** Plain http on another name than localhost has no clipboard. */
function copyFromField(text) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-filter-table]")) filter(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy-table]");
  if (button) copy(button);
});
document.addEventListener("change", (event) => {
  event.target.closest?.("[data-submit-on-change]")?.requestSubmit();
});
