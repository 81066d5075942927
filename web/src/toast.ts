import { byId, make } from "./dom";

// Long enough to read two sentences.
const SHOWN_MS = 8000;

/** Tells what went wrong outside the conversation, for a while. */
export function tell(text: string): void {
  const toast = make("div", { className: "toast" }, text);
  byId("toasts", HTMLElement).append(toast);
  setTimeout(() => toast.remove(), SHOWN_MS);
}
