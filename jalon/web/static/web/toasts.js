const READING_TIME = 6000;
const THINKING_TIME = 15000;

/** Messages at the lower edge: those of the page, those that htmx brings in a header, and failed requests. */
export function startToasts() {
  const place = document.getElementById("toasts");
  for (const toast of place.querySelectorAll("[data-toast]")) settle(place, toast);
  document.addEventListener("toasts", (event) => {
    for (const { level, text, undo } of event.detail.toasts) show(place, level, text, undo);
  });
  document.addEventListener("htmx:sendError", () => show(place, "error", place.dataset.failed));
  document.addEventListener("htmx:responseError", ({ detail }) => show(place, "error", sentence(detail.xhr) || place.dataset.failed));
}

/** What a refused request is told in words. */
const sentence = (xhr) => (xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") ? xhr.responseText : "");

function show(place, level, text, undo) {
  const toast = document.createElement("div");
  toast.className = `toast-line is-${level}`;
  toast.textContent = text;
  if (undo) toast.dataset.undo = undo;
  place.append(toast);
  settle(place, toast);
}

/** An error stays until somebody has read it; what can be taken back has a button for it, and more time. */
function settle(place, toast) {
  if (toast.dataset.undo) toast.append(undoing(place, toast));
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-close";
  button.setAttribute("aria-label", place.dataset.dismissLabel);
  button.textContent = "×";
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
  if (!toast.classList.contains("is-error")) setTimeout(() => toast.remove(), toast.dataset.undo ? THINKING_TIME : READING_TIME);
}

function undoing(place, toast) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-undo";
  button.textContent = place.dataset.undoLabel;
  button.addEventListener("click", () => {
    globalThis.htmx.ajax("POST", toast.dataset.undo, { source: document.body, target: document.body, swap: "none" });
    toast.remove();
  });
  return button;
}
