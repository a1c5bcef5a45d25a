import { sortable } from "./sorting.js";

/** Forms with rows that are added and taken away (`data-rows`), and lists that are put in order (`data-sorted`). */
export function startRows() {
  document.querySelectorAll("[data-sorted]").forEach((list) => sortable(list));
  const form = document.querySelector("form[data-rows]");
  if (!form) return;
  const list = form.querySelector("[data-row-list]");
  form.addEventListener("click", (event) => {
    event.target.closest("[data-remove-row]")?.closest("[data-row]").remove();
    if (!event.target.closest("[data-add-row]")) return;
    const row = form.querySelector("template").content.firstElementChild.cloneNode(true);
    list.append(row);
    row.querySelector("input").focus();
  });
}
