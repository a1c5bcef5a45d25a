// What somebody opened and searched for lately, kept in this browser: addresses and typed words, never names of records.
const MOST = { paths: 6, searches: 4 };

const key = (user, kind) => `lately:${user}:${kind}`;

function read(user, kind) {
  try {
    return JSON.parse(localStorage.getItem(key(user, kind)) ?? "[]");
  } catch {
    return []; // storage is off, or holds something else
  }
}

export const visited = (user) => read(user, "paths");
export const searches = (user) => read(user, "searches");

/** Puts one in front of the others of its kind. */
export function remember(user, kind, what) {
  if (!what) return;
  const kept = [what, ...read(user, kind).filter((other) => other !== what)].slice(0, MOST[kind]);
  try {
    localStorage.setItem(key(user, kind), JSON.stringify(kept));
  } catch {
    // storage is off or full: nothing is remembered
  }
}
