/** The formula field: words are inserted where the cursor stands, a beginning takes the place of what is there. */
export function startFormula() {
  const field = document.querySelector("textarea[data-formula]");
  if (!field) return;
  const changed = () => {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.closest("[data-formula-field]").dispatchEvent(new Event("formula-set"));
    field.focus();
  };
  document.querySelector(".formula").addEventListener("click", (event) => {
    const word = event.target.closest("[data-formula-word]");
    const start = event.target.closest("[data-formula-start]");
    if (start) field.setRangeText(start.dataset.formulaStart, 0, field.value.length, "end");
    else if (word) field.setRangeText(spaced(field, word.dataset.formulaWord), field.selectionStart, field.selectionEnd, "end");
    else return;
    changed();
  });
}

function spaced(field, word) {
  const before = field.value.slice(0, field.selectionStart);
  return /[^\s(]$/.test(before) ? ` ${word}` : word;
}
