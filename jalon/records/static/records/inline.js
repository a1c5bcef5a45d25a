/** Editing one property in place: Escape leaves it as it was, Ctrl+Enter saves a long text, and the focus comes back. */
export function startInline() {
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-inline]");
    if (!form) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      form.querySelector("[data-cancel]").click();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  }, true);
  document.addEventListener("htmx:afterSettle", () => {
    const input = document.querySelector("form[data-inline] [autofocus], #drawer [autofocus], [data-focus-back]");
    if (!input) return;
    input.removeAttribute("autofocus");
    input.removeAttribute("data-focus-back");
    if (document.activeElement !== input) input.focus();
  });
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("form[data-inline] input")) event.target.select();
  });
  // The form that asked may have left the page meanwhile, with the hits of an older search: the event then comes from what stood around it.
  document.addEventListener("htmx:afterRequest", (event) => {
    const asker = event.detail.requestConfig.elt;
    if (event.detail.xhr.status < 400 && asker.closest("[data-closes-drawer]")) document.querySelector("#drawer [data-drawer-close]")?.click();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "f" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    document.getElementById("open-filters")?.click();
  });
}
