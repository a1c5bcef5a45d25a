import { remember } from "./remembering.js";

let chosen = null; // the card whose menu of stages is open

const boardOf = (element) => element.closest("[data-board]");
const columnOf = (card) => card.closest("[data-stage]");

/** The board: cards go to another stage by dragging, by their menu, or by the brackets keys; the server has the last word. */
export function startBoard() {
  const settle = () => document.querySelectorAll("[data-board]:not([data-sortable])").forEach(prepare);
  settle();
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("click", (event) => {
    const opener = event.target.closest('[popovertarget="stage-menu"]');
    if (opener) chosen = opener.closest("[data-card]");
    const target = event.target.closest("[data-to-stage]");
    if (!target || !chosen) return;
    document.getElementById("stage-menu").hidePopover();
    put(chosen, boardOf(chosen).querySelector(`[data-stage="${CSS.escape(target.dataset.toStage)}"]`));
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-stage-picker]")) return;
    const column = document.querySelector(`[data-stage="${CSS.escape(event.target.value)}"]`);
    column.scrollIntoView({ block: "nearest", inline: "start" });
  });
  document.addEventListener("keydown", walk);
}

function prepare(board) {
  board.dataset.sortable = "yes";
  if (!board.hasAttribute("data-movable")) return;
  for (const column of board.querySelectorAll("[data-stage]"))
    globalThis.Sortable?.create(column.querySelector("[data-cards]"), {
      group: { name: "stages", put: !column.hasAttribute("data-closed") },
      draggable: "[data-card]",
      filter: "button",
      preventOnFilter: false,
      sort: false,
      forceFallback: true,
      fallbackOnBody: true,
      fallbackTolerance: 6,
      delay: 180,
      delayOnTouchOnly: true,
      animation: 120,
      scrollSensitivity: 80,
      onStart: () => board.classList.add("is-dragging"),
      onEnd: ({ item, from, to }) => {
        board.classList.remove("is-dragging");
        if (from !== to) moved(item, from);
      },
    });
}

/** The same as dragging, without a mouse. */
function put(card, column) {
  const from = card.parentElement;
  if (!column || column === columnOf(card) || column.hasAttribute("data-closed")) return;
  column.querySelector("[data-cards]").prepend(card);
  moved(card, from);
  card.querySelector("a").focus();
}

/** The card lies in its new column already; the server either gives the new figures or says why it must go back. */
async function moved(card, from) {
  const board = boardOf(card);
  card.classList.add("is-moving");
  const url = `${card.dataset.move}?${board.dataset.state}`;
  const answer = await remember(url, { stage: columnOf(card).dataset.stage }).catch(() => null);
  const told = answer && (await answer.json().catch(() => ({})));
  card.classList.remove("is-moving");
  if (!answer?.ok) {
    from.prepend(card);
    return say("error", told?.sentence ?? document.getElementById("toasts").dataset.failed);
  }
  for (const [stage, figures] of Object.entries(told.columns)) draw(board, stage, figures);
  say("success", told.sentence, told.undo);
}

const say = (level, text, undo) => document.dispatchEvent(new CustomEvent("toasts", { detail: { toasts: [{ level, text, undo }] } }));

function draw(board, stage, figures) {
  const column = board.querySelector(`[data-stage="${CSS.escape(stage)}"]`);
  for (const [name, text] of Object.entries(figures)) {
    const place = column?.querySelector(`[data-figure="${name}"]`);
    if (place) place.textContent = text;
  }
  const choice = document.querySelector(`[data-stage-picker] option[value="${CSS.escape(stage)}"]`);
  if (choice && column) choice.textContent = `${column.dataset.label} · ${figures.count}`;
}

/** Arrows and h, j, k, l move between cards; brackets move the card to the stage before or after; m opens its menu, e its preview. */
function walk(event) {
  const card = document.activeElement.closest?.("[data-card]");
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog, [data-menu]")) return;
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const step = { j: [0, 1], ArrowDown: [0, 1], k: [0, -1], ArrowUp: [0, -1], l: [1, 0], ArrowRight: [1, 0], h: [-1, 0], ArrowLeft: [-1, 0] }[event.key];
  const movable = board.hasAttribute("data-movable");
  if (step && (card || "jl".includes(event.key))) focus(board, card, ...step);
  else if (card && movable && "[]".includes(event.key)) put(card, beside(card, event.key === "]" ? 1 : -1));
  else if (card && movable && event.key === "m") card.querySelector('[popovertarget="stage-menu"]').click();
  else if (card && event.key === "e") card.querySelector("[data-preview]").click();
  else return;
  event.preventDefault();
}

const beside = (card, step) => {
  const columns = [...boardOf(card).querySelectorAll("[data-stage]")];
  return columns[columns.indexOf(columnOf(card)) + step];
};

function focus(board, card, across, down) {
  if (!card) return board.querySelector("[data-card] a")?.focus();
  const cards = [...columnOf(card).querySelectorAll("[data-card]")];
  const at = cards.indexOf(card);
  if (down) return cards[Math.max(0, Math.min(cards.length - 1, at + down))].querySelector("a").focus();
  const columns = [...board.querySelectorAll("[data-stage]")].filter((column) => column.querySelector("[data-card]"));
  const next = columns[columns.indexOf(columnOf(card)) + across]?.querySelectorAll("[data-card]");
  return next?.[Math.min(at, next.length - 1)].querySelector("a").focus();
}
