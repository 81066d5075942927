import { byId, make } from "./dom";

// Long enough to read two sentences.
const SHOWN_MS = 8000;

/** Tells what went wrong outside the conversation, for a while; what is still shown is not said twice. */
export function tell(text: string): void {
  const toast = make("div", { className: "toast" }, text);
  const toasts = byId("toasts", HTMLElement);
  [...toasts.children].find((shown) => shown.textContent === text)?.remove();
  toasts.append(toast);
  setTimeout(() => toast.remove(), SHOWN_MS);
}
