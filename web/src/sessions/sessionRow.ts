import { iconButton, make } from "../dom";
import type { Session } from "../gen/chat/v1/sessions_pb";
import { addressOf } from "./address";

// In Unicode scalars; the service takes no longer title.
const MAX_TITLE_LENGTH = 200;

interface Listener {
  rename(title: string): Promise<void>;
  /** The title is no longer being edited, whether it was changed or not. */
  edited(): void;
  export(): void;
  delete(): void;
}

/** A session in the list: a link to it, and what can be done with it. */
export class SessionRow {
  readonly element: HTMLLIElement;
  readonly #link: HTMLAnchorElement;
  readonly #rename: HTMLButtonElement;
  readonly #actions: HTMLElement;
  readonly #listener: Listener;
  #title = "";
  #editing = false;

  constructor(sessionId: string, listener: Listener) {
    this.#listener = listener;
    this.#link = make("a", { href: addressOf(sessionId), dir: "auto" });
    this.#rename = iconButton("pencil", "Rename", () => this.#edit());
    this.#actions = make("span", { className: "row-actions" }, this.#rename,
      iconButton("download", "Export", () => listener.export()), iconButton("bin", "Delete", () => listener.delete()));
    this.element = make("li", { className: "session-row" }, this.#link, this.#actions);
  }

  set isCurrent(current: boolean) {
    if (current) this.#link.setAttribute("aria-current", "page");
    else this.#link.removeAttribute("aria-current");
  }

  show(session: Session): void {
    this.#title = session.title;
    this.#link.textContent = session.title || "New chat";
    this.#link.title = session.title;
    this.#link.classList.toggle("running", session.runningStreamId !== "");
    for (const button of this.#actions.querySelectorAll("button")) {
      button.setAttribute("aria-label", `${button.title}: ${session.title}`);
    }
  }

  #edit(): void {
    const field = make("input", { className: "row-title", value: this.#title, "aria-label": "Name of the chat" });
    this.#editing = true;
    const end = (keep: boolean) => {
      if (!this.#editing) return;
      this.#editing = false;
      const title = Array.from(field.value.replace(/\s+/g, " ").trim()).slice(0, MAX_TITLE_LENGTH).join("");
      field.replaceWith(this.#link);
      this.#actions.hidden = false;
      this.#listener.edited();
      this.#rename.focus();
      if (keep && title && title !== this.#title) {
        this.#link.textContent = title;
        void this.#listener.rename(title);
      }
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
      event.preventDefault();
      event.stopPropagation();
      end(event.key === "Enter");
    });
    field.addEventListener("blur", () => end(true));
    this.#link.replaceWith(field);
    this.#actions.hidden = true;
    field.select();
  }
}
