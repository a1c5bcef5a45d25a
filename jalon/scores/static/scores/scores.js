// The rules of a score: they come, go and change places; what they give is asked of the server.
const list = document.querySelector("[data-rules]");
const changed = () => list.dispatchEvent(new CustomEvent("rules", { bubbles: true }));

function remove(rule) {
  const next = rule.nextElementSibling ?? rule.previousElementSibling;
  rule.remove();
  (next?.querySelector("[name=points]") ?? document.querySelector("[data-add-rule]")).focus();
  changed();
}

function move(grip, key) {
  const rule = grip.closest("[data-rule]");
  if (key === "ArrowUp") rule.previousElementSibling?.before(rule);
  else rule.nextElementSibling?.after(rule);
  grip.focus();
  changed();
}

if (list) {
  globalThis.Sortable?.create(list, { handle: "[data-grip]", animation: 120, onEnd: changed });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove-rule]");
    if (button) remove(button.closest("[data-rule]"));
  });
  list.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (!grip || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    move(grip, event.key);
  });
  list.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== list) return;
    list.lastElementChild.querySelector("[data-field-editor]").focus();
    changed();
  });
}
