const PASSING = 200; // a pointer that only crosses on its way shows nothing
const LEAVING = 120; // time to move from the thing to its caption
const HOLDING = 450; // a finger that rests instead of tapping
const GAP = 6;

const caption = Object.assign(document.createElement("div"), { id: "caption", className: "caption", popover: "manual" });
caption.setAttribute("role", "tooltip");

let owner = null; // what the caption that is shown belongs to
let words = ""; // its title, which the browser would show a second time
let timer = 0;
let held = false; // the finger's next click is no click

/** Captions: the title of whatever has `data-caption` stands beside it in our look, under pointer, focus, and a finger that rests on it. */
export function startCaptions() {
  document.addEventListener("pointerover", over);
  document.addEventListener("focusin", ({ target }) => target.matches(":focus-visible") && show(target.closest("[data-caption]")));
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  document.addEventListener("scroll", hide, true);
  document.addEventListener("htmx:beforeSwap", hide);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => clearTimeout(timer));
  document.addEventListener("pointerdown", press);
  document.addEventListener("click", swallow, true);
  addEventListener("pagehide", hide);
}

const after = (wait, act) => {
  clearTimeout(timer);
  timer = setTimeout(act, wait);
};

function over({ target, pointerType }) {
  if (pointerType === "touch") return;
  const found = target.closest?.("[data-caption], #caption");
  if (found === owner || found === caption) return clearTimeout(timer);
  if (found) after(owner ? 0 : PASSING, () => show(found));
  else if (owner) after(LEAVING, hide);
  else clearTimeout(timer);
}

function press({ target, pointerType }) {
  held = false;
  if (!caption.contains(target)) hide();
  const found = target.closest("[data-caption]");
  if (pointerType === "touch" && found) after(HOLDING, () => ((held = true), show(found)));
}

function swallow(event) {
  if (!held) return;
  held = false;
  event.preventDefault();
  event.stopPropagation();
}

function show(found) {
  if (!found?.title || !found.isConnected) return;
  hide();
  [owner, words] = [found, found.title];
  owner.removeAttribute("title");
  owner.setAttribute("aria-describedby", caption.id);
  caption.replaceChildren(...words.split("\n").map(paragraph));
  document.body.append(caption);
  caption.showPopover();
  place(owner.getBoundingClientRect(), caption.getBoundingClientRect());
}

/** Below what it explains, above where there is no room. */
function place(box, { width, height }) {
  const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
  const below = box.bottom + GAP;
  const top = below + height > innerHeight - 8 && box.top > height + GAP ? box.top - height - GAP : below;
  caption.style.left = `${left}px`;
  caption.style.top = `${top}px`;
}

const paragraph = (text) => Object.assign(document.createElement("p"), { textContent: text });

function hide() {
  clearTimeout(timer);
  if (!owner) return;
  owner.setAttribute("title", words);
  owner.removeAttribute("aria-describedby");
  owner = null;
  if (caption.isConnected) caption.hidePopover();
}
