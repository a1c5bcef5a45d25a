/** In the drawer of a bulk edit: to clear a value there is nothing to type. */
export function startBulk() {
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-bulk-clears]")) return;
    const input = event.target.closest("form").querySelector("[data-bulk-input]");
    input.classList.toggle("is-off", event.target.checked);
    input.inert = event.target.checked;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-bulk-property]")) document.getElementById("bulk-preview").replaceChildren();
  });
}
