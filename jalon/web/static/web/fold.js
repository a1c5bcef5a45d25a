/** Text as search reads it: small letters, no accents, one kind of apostrophe. */
export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").toLowerCase();
