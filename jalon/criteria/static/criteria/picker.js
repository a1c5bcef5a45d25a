const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let choose = () => {};

/** The list of properties: typed into, walked by arrows, picked by Enter or a click. */
export function startPicker() {
  document.addEventListener("input", (event) => {
    const picker = event.target.closest?.("[data-property-picker]");
    if (!picker) return;
    event.stopPropagation();
    filter(picker, event.target.value);
  }, true);
  document.addEventListener("keydown", (event) => {
    const picker = event.target.closest?.("[data-property-picker]");
    if (picker) steer(event, picker);
  }, true);
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-property]");
    if (line) pick(line);
  });
}

/** Opens beside `button` and calls `then` with the name of the property that was picked. */
export function openPicker(editor, button, then) {
  const picker = editor.querySelector("[data-property-picker]");
  const input = picker.querySelector("input");
  choose = then;
  input.value = "";
  picker.showPopover();
  filter(picker, "");
  place(picker, button.getBoundingClientRect());
  input.focus();
}

function place(picker, beside) {
  const { width, height } = picker.getBoundingClientRect();
  const below = beside.bottom + 4;
  picker.style.left = `${Math.max(8, Math.min(beside.left, innerWidth - width - 8))}px`;
  picker.style.top = `${Math.max(8, below + height > innerHeight - 8 ? innerHeight - height - 8 : below)}px`;
}

const visible = (picker) => [...picker.querySelectorAll("[data-property]:not([hidden])")];

function filter(picker, typed) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  for (const group of picker.querySelectorAll("[role=group]")) {
    for (const line of group.querySelectorAll("[data-property]")) {
      const text = fold(`${line.textContent} ${line.dataset.property}`);
      line.hidden = !words.every((word) => text.includes(word));
    }
    group.hidden = !group.querySelector("[data-property]:not([hidden])");
  }
  const found = visible(picker);
  picker.querySelector("[data-none]").hidden = found.length > 0;
  mark(picker, found[0]);
}

function mark(picker, line) {
  picker.querySelector('[aria-selected="true"]')?.setAttribute("aria-selected", "false");
  const input = picker.querySelector("input");
  if (!line) return input.removeAttribute("aria-activedescendant");
  line.setAttribute("aria-selected", "true");
  input.setAttribute("aria-activedescendant", line.id);
  line.scrollIntoView({ block: "nearest" });
}

function steer(event, picker) {
  const lines = visible(picker);
  const at = lines.findIndex((line) => line.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown") mark(picker, lines[(at + 1) % lines.length]);
  else if (event.key === "ArrowUp") mark(picker, lines.at(at - 1));
  else if (event.key === "Enter") lines[at] && pick(lines[at]);
  else if (event.key === "Escape") picker.hidePopover();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function pick(line) {
  line.closest("[data-property-picker]").hidePopover();
  choose(line.dataset.property);
}
