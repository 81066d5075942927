import { make } from "./dom";

/** Saves bytes as a file. Whatever they are, a browser that is given octets opens nothing of them. */
export function download(name: string, bytes: Uint8Array<ArrayBuffer>[]): void {
  const address = URL.createObjectURL(new Blob(bytes, { type: "application/octet-stream" }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address));
}
