/** Tells the server a small thing that is kept, or asks it to change one; the answer is the response. */
export function remember(url, values) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  const pairs = Object.entries(values).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  return fetch(url, { method: "POST", headers, body: new URLSearchParams(pairs) });
}
