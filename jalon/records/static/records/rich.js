/** A text with a few tags: the textarea `data-rich` is typed in as it will look, and keeps what is sent. */
export function startRich() {
  const settle = () => document.querySelectorAll("textarea[data-rich]:not([data-dressed])").forEach(dress);
  settle();
  document.addEventListener("htmx:afterSettle", settle);
}

const TOOLS = [
  ["bold", "bold", "B"],
  ["italic", "italic", "I"],
  ["list", "insertUnorderedList", "•"],
  ["link", "createLink", "↗"],
];

function dress(textarea) {
  textarea.dataset.dressed = "yes";
  const area = document.createElement("div");
  area.className = "form-control rich-area rich-text";
  area.contentEditable = "true";
  area.setAttribute("role", "textbox");
  area.setAttribute("aria-multiline", "true");
  area.setAttribute("aria-label", document.querySelector(`label[for="${textarea.id}"]`)?.textContent ?? "");
  area.innerHTML = textarea.value; // cleaned by the server when it was kept and again when it was shown
  const keep = () => {
    textarea.value = area.textContent.trim() ? area.innerHTML : "";
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  };
  area.addEventListener("input", keep);
  area.addEventListener("paste", (event) => {
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) textarea.form.requestSubmit();
  });
  const bar = document.createElement("div");
  bar.className = "rich-bar";
  bar.append(...TOOLS.map((tool) => button(tool, textarea, area, keep)));
  textarea.hidden = true;
  textarea.before(bar, area);
  if (textarea.hasAttribute("autofocus")) {
    textarea.removeAttribute("autofocus");
    area.focus();
  }
}

function button([name, command, sign], textarea, area, keep) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `rich-${name}`;
  made.textContent = sign;
  made.title = textarea.dataset[name];
  made.setAttribute("aria-label", textarea.dataset[name]);
  made.addEventListener("mousedown", (event) => event.preventDefault()); // the words stay selected
  made.addEventListener("click", () => {
    area.focus();
    const address = command === "createLink" ? prompt(textarea.dataset.askLink, "https://") : null;
    if (command !== "createLink" || address) document.execCommand(command, false, address);
    keep();
  });
  return made;
}
