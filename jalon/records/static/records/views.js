import { remember } from "./remembering.js";

/** The tabs of the views: dragged or moved by the menu into another order, which is remembered. */
export function startViews() {
  const settle = () => document.querySelectorAll("[data-tabs]:not([data-sortable])").forEach(prepare);
  settle();
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("click", (event) => {
    const move = event.target.closest("[data-move-tab]");
    if (move) shift(move);
    const copy = event.target.closest("[data-copy-address]");
    if (copy) copyAddress(copy);
  });
}

function prepare(list) {
  list.dataset.sortable = "yes";
  list.querySelector(".is-current")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  globalThis.Sortable?.create(list, {
    draggable: "li:not(.is-passing)",
    filter: ".views-more, .menu",
    preventOnFilter: false,
    forceFallback: true,
    fallbackTolerance: 5,
    delay: 150,
    delayOnTouchOnly: true,
    animation: 120,
    direction: "horizontal",
    onEnd: () => keep(list),
  });
}

function shift(button) {
  const tab = button.closest("li");
  const list = tab.parentElement;
  if (button.dataset.moveTab === "1") tab.nextElementSibling?.after(tab);
  else tab.previousElementSibling?.before(tab);
  keep(list);
  tab.querySelector(".views-more").focus();
}

const keep = (list) => remember(list.dataset.arrange, { key: [...list.querySelectorAll("li:not(.is-passing)")].map((tab) => tab.dataset.key) });

async function copyAddress(button) {
  const word = button.querySelector("span");
  const before = word.textContent;
  const view = button.closest("li").querySelector("a").href;
  await navigator.clipboard?.writeText(new URLSearchParams(location.search).has("view") ? location.href : view);
  word.textContent = button.dataset.done;
  setTimeout(() => (word.textContent = before), 1500);
}
