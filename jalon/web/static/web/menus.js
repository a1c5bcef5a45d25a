const GAP = 4;

/** Popover menus: the browser opens and closes them, we place them by their button and move by arrow keys; a drawer that one opens takes its place. */
export function startMenus() {
  document.addEventListener("click", (event) => (opener = event.target.closest("[popovertarget]") ?? opener), true);
  document.addEventListener("toggle", place, true);
  document.addEventListener("click", ({ target }) => target.closest('[data-menu] [hx-target="#drawer"]')?.closest("[data-menu]").hidePopover());
  document.addEventListener("keydown", move);
}

/** A menu that many buttons open stands by the one that was pressed. */
let opener = null;
const openerOf = (menu) =>
  opener?.isConnected && opener.getAttribute("popovertarget") === menu.id ? opener : document.querySelector(`[popovertarget="${menu.id}"]`);

function place(event) {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.matches("[data-menu]")) return;
  if (event.newState !== "open") return menu.removeAttribute("style"); // htmx would copy it to the menu's successor, against the policy
  const button = openerOf(menu).getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(button.right - width, innerWidth - width - 8));
  const below = button.bottom + GAP;
  const top = below + height > innerHeight - 8 && button.top > height + GAP ? button.top - height - GAP : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

function move(event) {
  const menu = document.querySelector("[data-menu]:popover-open");
  if (!menu || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  if (event.target.matches("input, textarea, select")) return;
  const lines = [...menu.querySelectorAll("a, button:not([disabled]), input:not([type=hidden])")];
  const step = event.key === "ArrowDown" ? 1 : -1;
  const at = lines.indexOf(document.activeElement);
  lines.at(at < 0 ? (step > 0 ? 0 : -1) : (at + step) % lines.length)?.focus();
  event.preventDefault();
}
