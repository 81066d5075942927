// How every client of JavaScript states what it saw, so that one table holds for all of them.

export const codes = [
  "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
  "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
  "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
];

export const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");

export const bytesOf = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));

export const sha256 = async bytes => hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));

/** The bytes that all clients and the test mean by a payload of this size. */
export function payload(size) {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    bytes[i] = (i * 31 + (i >> 8)) & 255;
  }
  return bytes;
}

/** The values of one name; HTTP lets anybody on the way join them with commas. */
export const values = joined => joined.split(",").map(value => value.trim());

/** Our own metadata out of all there is: pairs of a name and one value, bytes for a -bin name. */
export function ownMetadata(pairs) {
  const facts = {};
  for (const [name, value] of pairs) {
    if (name.startsWith("interop-")) {
      (facts[name] ??= []).push(...(typeof value === "string" ? values(value) : [hex(value)]));
    }
  }
  return facts;
}

/** What fetch and XMLHttpRequest leave undone: the base64 of -bin values, several of them joined. */
export function decoded(pairs) {
  return [...pairs].flatMap(([name, value]) =>
    name.endsWith("-bin")
      ? values(value).map(base64 => [name, Uint8Array.from(atob(base64), char => char.charCodeAt(0))])
      : [[name, value]]);
}
