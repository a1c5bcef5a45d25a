/** Lists whose lines are put in order: by dragging the grip, or with the arrow keys on it. */
export function sortable(list, moved = () => {}) {
  if (!list || list.dataset.sortable) return;
  list.dataset.sortable = "yes";
  globalThis.Sortable?.create(list, { handle: "[data-grip]", animation: 120, onEnd: moved });
  list.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const line = grip?.closest("li, .option-line, .stage-line");
    if (!line || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "ArrowUp") line.previousElementSibling?.before(line);
    else line.nextElementSibling?.after(line);
    grip.focus();
    moved();
  });
}
