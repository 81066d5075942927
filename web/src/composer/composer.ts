import { byId, icon } from "../dom";

interface Listener {
  send(text: string): void;
  stop(): void;
}

/** Where a message is written. What is written stays when the send cannot happen now. */
export class Composer {
  readonly #form = byId("composer", HTMLFormElement);
  readonly #field = byId("message", HTMLTextAreaElement);
  readonly #button = byId("send", HTMLButtonElement);
  #answering = false;

  constructor(listener: Listener) {
    const act = () => {
      if (this.#answering) listener.stop();
      else this.#send(listener);
    };
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      act();
    });
    this.#field.addEventListener("keydown", (event) => {
      // Enter also ends the composition of a Chinese or Japanese word, and that is no wish to send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.#answering) this.#send(listener);
    });
    this.#field.addEventListener("input", () => this.#fit());
    this.show(false, false);
  }

  focus(): void {
    this.#field.focus();
  }

  /** The button is Send, or Stop while an answer is written. */
  show(answering: boolean, stopping: boolean): void {
    this.#answering = answering;
    const label = stopping ? "Stopping…" : answering ? "Stop" : "Send";
    this.#button.dataset["does"] = answering ? "stop" : "send";
    if (this.#button.title !== label) {
      this.#button.title = label;
      this.#button.setAttribute("aria-label", label);
      this.#button.replaceChildren(icon(answering ? "stop" : "send"));
    }
    this.#fit();
  }

  #send(listener: Listener): void {
    const text = this.#field.value;
    if (!text.trim()) return;
    this.#field.value = "";
    this.#fit();
    listener.send(text);
  }

  #fit(): void {
    this.#button.disabled = !this.#answering && !this.#field.value.trim();
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
  }
}
