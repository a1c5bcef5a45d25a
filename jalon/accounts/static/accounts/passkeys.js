// Passkeys: the server says what to make or to sign, the browser's own dialog does it, the answer goes back as JSON.

const supported = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

for (const place of document.querySelectorAll("[data-passkey-ask]")) {
  place.hidden = !supported;
  place.querySelector("button").addEventListener("click", () => run(place, ask));
}
for (const form of document.querySelectorAll("[data-passkey-add]")) {
  form.hidden = !supported;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(form, add);
  });
}

async function ask(place) {
  const options = await send(place.dataset.begin);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
  return send(place.dataset.finish, (await navigator.credentials.get({ publicKey })).toJSON());
}

async function add(form) {
  const options = await send(form.dataset.begin);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey);
  const name = encodeURIComponent(form.elements.name.value);
  return send(`${form.dataset.finish}?name=${name}`, (await navigator.credentials.create({ publicKey })).toJSON());
}

/** Where the ceremony leads, or a sentence under the button. The browser's own errors are not for people. */
async function run(place, ceremony) {
  const problem = place.querySelector("[role=alert]");
  problem.hidden = true;
  try {
    location.assign((await ceremony(place)).url);
  } catch (error) {
    if (error instanceof Elsewhere) return location.assign(error.message);
    problem.textContent = error instanceof Refused ? error.message : place.dataset.failed;
    problem.hidden = false;
  }
}

class Refused extends Error {}
class Elsewhere extends Error {}

async function send(url, body = {}) {
  const headers = { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const found = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  if (answer.status === 409) throw new Elsewhere(found.url);
  if (!answer.ok) throw new Refused(found.sentence);
  return found;
}
