import { sortable } from "./sorting.js";

/** The form of a property: options in their order, and only the parts that the chosen kind has. */
export function startOptions() {
  const form = document.querySelector("[data-definition]");
  if (!form) return;
  const list = form.querySelector("[data-options]");
  sortable(list);
  const add = () => {
    const line = form.querySelector("template").content.firstElementChild.cloneNode(true);
    list.append(line);
    return line;
  };
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-add-option]")) add().querySelector("input:not([type=hidden])").focus();
    const remove = event.target.closest("[data-remove-option]");
    if (remove) remove.closest(".option-line").remove();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.closest(".option-line input")) return;
    event.preventDefault();
    (event.target.closest(".option-line").nextElementSibling ?? add()).querySelector("input:not([type=hidden])").focus();
  });
  const kind = form.elements.kind;
  const show = () => {
    const chosen = kind?.value ?? form.dataset.kind;
    for (const part of form.querySelectorAll("[data-kinds]")) part.hidden = !part.dataset.kinds.split(" ").includes(chosen);
    const hint = form.elements.hint;
    const known = (hint.closest("[data-hints]").dataset.hints.match(new RegExp(`${chosen}:([a-z,]*)`)) ?? ["", ""])[1].split(",");
    for (const option of hint.options) option.hidden = option.value !== "" && !known.includes(option.value);
    if (hint.selectedOptions[0]?.hidden) hint.value = "";
  };
  kind?.addEventListener("change", show);
  show();
}
