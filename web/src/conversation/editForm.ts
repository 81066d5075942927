import { make } from "../dom";

interface Listener {
  send(text: string): void;
  cancel(): void;
}

/** A message that is written anew in its own place; the keys are those of the composer. */
export class EditForm {
  readonly #field = make("textarea", { rows: 1, dir: "auto", "aria-label": "Edited message", autocomplete: "off" });
  readonly #send = make("button", { type: "submit", className: "button primary" }, "Send");
  readonly element: HTMLFormElement;

  constructor(text: string, listener: Listener) {
    const send = () => {
      if (this.#field.value.trim()) listener.send(this.#field.value);
    };
    this.element = make("form", {
      className: "edit-form",
      onsubmit: (event: Event) => {
        event.preventDefault();
        send();
      },
      onkeydown: (event: KeyboardEvent) => {
        if (event.isComposing) return;
        if (event.key === "Escape") {
          // Elsewhere it ends the answer.
          event.preventDefault();
          listener.cancel();
        } else if (event.key === "Enter" && !event.shiftKey && event.target === this.#field) {
          event.preventDefault();
          send();
        }
      },
    }, this.#field, make("div", { className: "edit-bar" },
      make("button", { type: "button", className: "button", onclick: () => listener.cancel() }, "Cancel"),
      this.#send));
    this.#field.value = text;
    this.#field.addEventListener("input", () => this.#fit());
  }

  /** Goes to the end of the text, once the form is on the page. */
  focus(): void {
    this.#fit();
    this.#field.focus();
    this.#field.setSelectionRange(this.#field.value.length, this.#field.value.length);
  }

  #fit(): void {
    this.#send.disabled = !this.#field.value.trim();
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
  }
}
