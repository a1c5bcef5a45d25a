const READING_TIME = 6000;

/** Messages at the lower edge: those of the page, those that htmx brings in a header, and failed requests. */
export function startToasts() {
  const place = document.getElementById("toasts");
  for (const toast of place.querySelectorAll("[data-toast]")) settle(place, toast);
  document.addEventListener("toasts", (event) => {
    for (const { level, text } of event.detail.toasts) show(place, level, text);
  });
  const failed = () => show(place, "error", place.dataset.failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
}

function show(place, level, text) {
  const toast = document.createElement("div");
  toast.className = `toast-line is-${level}`;
  toast.textContent = text;
  place.append(toast);
  settle(place, toast);
}

/** An error stays until somebody has read it. */
function settle(place, toast) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-close";
  button.setAttribute("aria-label", place.dataset.dismissLabel);
  button.textContent = "×";
  button.addEventListener("click", () => toast.remove());
  toast.append(button);
  if (!toast.classList.contains("is-error")) setTimeout(() => toast.remove(), READING_TIME);
}
