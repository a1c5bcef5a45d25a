import { remember } from "./remembering.js";
import { sortable } from "./sorting.js";

/** Settings of pipelines: their order, and in one of them its stages: added, put in order, taken away again while new. */
export function startPipelines() {
  order();
  document.addEventListener("htmx:afterSettle", order);
  const form = document.querySelector("form[data-stages]");
  if (!form) return;
  const list = form.querySelector("[data-stage-list]");
  sortable(list, () => (form.dataset.changed = "yes"));
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-add-stage]")) {
      list.append(form.querySelector("template").content.firstElementChild.cloneNode(true));
      list.lastElementChild.querySelector("input:not([type=hidden])").focus();
    }
    event.target.closest("[data-remove-stage]")?.closest(".stage-line").remove();
  });
  form.addEventListener("change", (event) => settle(event.target.closest(".stage-line")));
  for (const line of list.children) settle(line);
}

/** Lines whose order is kept as soon as it changes; they may come anew from the server. */
function order() {
  const lines = document.querySelector("[data-order]");
  sortable(lines, () => remember(lines.dataset.order, { name: [...lines.children].map((line) => line.dataset.name) }));
}

/** What is won or lost is so for certain: nobody types how likely it is. */
function settle(line) {
  const probability = line?.querySelector('[name="stage-probability"]:not([type=hidden])');
  if (!probability) return;
  const state = line.querySelector('[name="stage-state"]').value;
  probability.readOnly = state !== "open";
  if (state !== "open") probability.value = state === "won" ? "100" : "0";
}
