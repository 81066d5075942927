import { byId, icon } from "../dom";

interface Listener {
  send(text: string): void;
  stop(): void;
}

/** Where a message is written, also while an answer is: then it waits for its turn. */
export class Composer {
  readonly #form = byId("composer", HTMLFormElement);
  readonly #field = byId("message", HTMLTextAreaElement);
  readonly #send = byId("send", HTMLButtonElement);
  readonly #stop = byId("stop", HTMLButtonElement);
  #answering = false;

  constructor(listener: Listener) {
    const send = () => this.#take(listener);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      send();
    });
    this.#stop.addEventListener("click", () => listener.stop());
    this.#field.addEventListener("keydown", (event) => {
      // Enter also ends the composition of a Chinese or Japanese word, and that is no wish to send.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send();
    });
    this.#field.addEventListener("input", () => this.#fit());
    this.#stop.append(icon("stop"));
    this.#send.append(icon("send"));
    this.show(false, false);
  }

  focus(): void {
    this.#field.focus();
  }

  /** While an answer is written there is Stop, and Send with what is written for later. */
  show(answering: boolean, stopping: boolean): void {
    this.#answering = answering;
    // Whoever stopped by the button writes next.
    if (!answering && document.activeElement === this.#stop) this.focus();
    this.#stop.hidden = !answering;
    name(this.#stop, stopping ? "Stopping…" : "Stop");
    name(this.#send, answering ? "Send after this answer" : "Send");
    this.#fit();
  }

  #take(listener: Listener): void {
    const text = this.#field.value;
    if (!text.trim()) return;
    this.#field.value = "";
    this.#fit();
    listener.send(text);
  }

  #fit(): void {
    const isEmpty = !this.#field.value.trim();
    this.#send.disabled = isEmpty;
    this.#send.hidden = this.#answering && isEmpty;
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight}px`;
  }
}

function name(button: HTMLButtonElement, label: string): void {
  if (button.title === label) return;
  button.title = label;
  button.setAttribute("aria-label", label);
}
