/** My tasks by keyboard: J and K move from row to row, C completes the one that has the focus. */
export function startTasks() {
  document.addEventListener("keydown", (event) => {
    const list = document.querySelector("[data-tasks]");
    if (!list || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const rows = [...list.querySelectorAll("[data-task]")];
    const at = rows.indexOf(document.activeElement?.closest("[data-task]"));
    if (event.key === "j") rows[Math.min(at + 1, rows.length - 1)]?.focus();
    if (event.key === "k") rows[Math.max(at - 1, 0)]?.focus();
    if (event.key === "c" && at >= 0) {
      const next = rows[at + 1];
      rows[at].querySelector("[data-complete]:not(:disabled)")?.click();
      next?.focus();
    }
  });
}
