// Values that are picked: each is a token with a hidden field, in the box of its filter.
import { changed, editorOf } from "./boxes.js";
import { openPicker, prefetch } from "./picker.js";

const valueOf = (token) => token.querySelector("input").value;

const optionsOf = (button) => `${editorOf(button).dataset.pickedUrl}?${new URLSearchParams(asked(button))}`;

function asked(button) {
  const { of, about } = button.closest("[data-about]").dataset;
  return { of, about };
}

/** Asks for the options of a filter as soon as the cursor comes near them. */
export const expectChoice = (button) => prefetch(optionsOf(button));

/** Lists the options of a filter; `typed` is what somebody began to type on the button. */
export function choose(button, typed = "") {
  const tokens = button.closest("[data-tokens]");
  const editor = editorOf(button);
  const single = "single" in tokens.dataset;
  const chosen = new Set([...tokens.querySelectorAll("[data-token]")].map(valueOf));
  const then = (value, text, on = true) => {
    if (single) tokens.querySelectorAll("[data-token]").forEach((token) => token.remove());
    if (on) button.before(made(editor, tokens.dataset.tokens, value, text));
    else [...tokens.querySelectorAll("[data-token]")].find((token) => valueOf(token) === value)?.remove();
    changed(editor);
  };
  openPicker(button, { url: optionsOf(button), words: "options", typed, then, ...(single ? {} : { chosen }) });
}

function made(editor, name, value, text) {
  const template = editor.querySelector("[data-token-template]");
  const token = template.content.querySelector("[data-token]").cloneNode(true);
  token.querySelector("[data-token-label]").textContent = text;
  token.querySelector("[data-remove-token]").ariaLabel = template.dataset.remove.replace("…", text);
  Object.assign(token.querySelector("input"), { name, value });
  return token;
}

/** Takes a value away; the cursor moves to the next one, else to the button that chooses. */
export function drop(token) {
  const editor = editorOf(token);
  const beside = token.nextElementSibling;
  token.remove();
  (beside.querySelector?.("[data-remove-token]") ?? beside).focus();
  changed(editor);
}
