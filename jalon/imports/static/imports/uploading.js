/** Files of any size: sent in pieces before the form, each behind what the server has, so that a lost connection loses nothing. */
const PIECE = 8 * 1024 * 1024;
const PAUSE = 2000;

for (const form of document.querySelectorAll("form[data-pieces]")) {
  const field = form.querySelector('input[type="file"]');
  field.addEventListener("change", () => list(form, field.files));
  form.addEventListener("submit", (event) => {
    if (!field.files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send(form, field);
  });
}

/** The chosen files with their sizes. */
function list(form, files) {
  const place = form.querySelector("[data-chosen]");
  place.hidden = files.length < 2;
  place.replaceChildren(
    ...[...files].map((file) => {
      const line = document.createElement("li");
      const size = document.createElement("span");
      size.textContent = readable(file.size);
      line.append(file.name, size);
      return line;
    }),
  );
}

async function send(form, field) {
  const box = form.querySelector("[data-sending]");
  const button = form.querySelector('button[type="submit"]');
  const words = box.querySelector("[data-words]");
  box.hidden = false;
  button.disabled = true;
  try {
    for (const file of field.files) {
      const token = await sendFile(form, file, box);
      const kept = Object.assign(document.createElement("input"), { type: "hidden", name: "sent", value: `${token} ${file.name}` });
      form.append(kept);
    }
  } catch (problem) {
    form.querySelectorAll('input[name="sent"]').forEach((input) => input.remove());
    words.textContent = problem.message;
    button.disabled = false;
    return;
  }
  words.textContent = words.dataset.readingWords;
  box.querySelector("progress").removeAttribute("value");
  field.disabled = true;
  delete form.dataset.changed;
  form.submit();
}

async function sendFile(form, file, box) {
  const words = box.querySelector("[data-words]");
  let token = "";
  let size = 0;
  do {
    const answer = await piece(form, token, size, file.slice(size, size + PIECE), words);
    ({ token, size } = answer);
    box.querySelector("progress").value = file.size ? (100 * size) / file.size : 100;
    words.textContent = words.dataset.sendingWords
      .replace("{file}", file.name)
      .replace("{done}", readable(size))
      .replace("{total}", readable(file.size));
  } while (size < file.size);
  return token;
}

/** One piece; tried again until the server answers, and its sentence where it refuses. */
async function piece(form, token, offset, body, words) {
  const address = `${form.dataset.pieces}?${new URLSearchParams({ token, offset })}`;
  const headers = { "Content-Type": "application/octet-stream", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  for (;;) {
    let response;
    try {
      response = await fetch(address, { method: "POST", body, headers });
    } catch {
      words.textContent = words.dataset.lostWords;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      continue;
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    throw new Error(answer.problem ?? document.getElementById("toasts").dataset.failed);
  }
}

function readable(bytes) {
  const unit = bytes < 1e6 ? [1e3, "kilobyte"] : bytes < 1e9 ? [1e6, "megabyte"] : [1e9, "gigabyte"];
  const format = { style: "unit", unit: unit[1], maximumFractionDigits: unit[0] === 1e9 ? 2 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, format).format(bytes / unit[0]);
}
