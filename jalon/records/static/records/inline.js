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
  // Heard by the form itself: hits of a later search may have taken it from the page before its answer is here, and then nothing bubbles.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!event.detail.elt.closest("[data-closes-drawer]")) return;
    const close = (answer) => answer.detail.xhr.status < 400 && document.querySelector("#drawer [data-drawer-close]")?.click();
    event.detail.elt.addEventListener("htmx:afterRequest", close, { once: true });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "f" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    document.getElementById("open-filters")?.click();
  });
}
