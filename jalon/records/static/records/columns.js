import { sortable } from "./sorting.js";
import { fold } from "../web/fold.js";

/** The drawer that chooses columns: a ticked line joins the chosen ones, an unticked one leaves them. */
export function startColumns() {
  const settle = () => sortable(document.querySelector("[data-columns]"));
  settle();
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("change", (event) => {
    const line = event.target.closest?.(".column-line");
    if (!line) return;
    const place = event.target.checked ? "[data-columns]" : "[data-other-columns]";
    line.closest("form").querySelector(place)[event.target.checked ? "append" : "prepend"](line);
    event.target.focus();
  });
  document.addEventListener("input", (event) => {
    if (!event.target.dataset?.find) return;
    const words = fold(event.target.value).split(/\s+/);
    for (const list of document.querySelectorAll(event.target.dataset.find))
      for (const line of list.children) line.hidden = !words.every((word) => fold(line.dataset.text).includes(word));
  });
}
