/** Browsers reckon digests on HTTPS and localhost only. */
export const canDigest = globalThis.crypto?.subtle !== undefined;

/** 64 lower-case hexadecimal digits of the text's UTF-8. */
export async function sha256(text: string): Promise<string | undefined> {
  if (!canDigest) return undefined;
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
