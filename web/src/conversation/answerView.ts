import { iconButton, make } from "../dom";
import { GrowingText } from "../markdown/growingText";

export interface Note {
  kind: "error" | "warning" | "info";
  text: string;
  advice?: string;
  /** For whoever looks it up. */
  reason?: string;
  button?: Button;
}

export interface Button {
  label: string;
  title?: string;
  onclick: () => void;
}

/** An answer on the page: who gives it, what was thought, the text, what there is to know, the figures. */
export class AnswerView {
  readonly element: HTMLElement;
  readonly #author = make("span", { className: "author" });
  readonly #waiting = make("span", { className: "waiting" });
  readonly #reasoning = make("details", { className: "reasoning", hidden: true });
  readonly #reasoningTitle = make("summary", {}, "Thinking…");
  readonly #reasoningText = document.createTextNode("");
  readonly #body = make("div", { className: "prose" });
  readonly #notes = make("div", { className: "notes" });
  readonly #foot = make("footer", { className: "figures", hidden: true });
  readonly #text = new GrowingText(this.#body);
  #continue: HTMLButtonElement | undefined;
  #canContinue = false;
  #answer = "";

  constructor() {
    this.#reasoning.append(this.#reasoningTitle,
      make("div", { className: "reasoning-text", dir: "auto" }, this.#reasoningText));
    this.element = make("article", { className: "answer", "aria-label": "Answer" },
      make("header", {}, this.#author, this.#waiting), this.#reasoning, this.#body, this.#notes, this.#foot);
  }

  /** Someone is about to answer; nothing has come yet. */
  await(author: string): void {
    this.#author.textContent = author;
    this.#waiting.replaceChildren(`${author ? "" : "The service "}is answering`,
      make("span", { className: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i")));
    this.element.setAttribute("aria-busy", "true");
  }

  /** Other answers come first. */
  queue(author: string, cancel: () => void): void {
    this.#author.textContent = author;
    this.#waiting.replaceChildren("will answer after the one before",
      make("button", { type: "button", className: "button cancel", onclick: cancel }, "Cancel"));
    this.element.setAttribute("aria-busy", "true");
  }

  get author(): string {
    return this.#author.textContent ?? "";
  }

  set author(name: string) {
    this.#author.textContent = name;
  }

  /** The button that goes on with the answer, in the note that says why it is not whole, can be used now. */
  set canContinue(can: boolean) {
    this.#canContinue = can;
    if (this.#continue) this.#continue.hidden = !can;
  }

  /** Shows both texts so far; what was shown before is their beginning. */
  show(answer: string, reasoning: string): void {
    this.#answer = answer;
    if (reasoning.length > this.#reasoningText.length) {
      this.#reasoning.hidden = false;
      this.#reasoningText.appendData(reasoning.slice(this.#reasoningText.length));
    }
    if (answer) {
      this.#waiting.replaceChildren();
      this.#reasoningTitle.textContent = "Reasoning";
    }
    this.#text.show(answer);
  }

  /** A part of the answer was withdrawn. */
  forget(): void {
    this.#text.reset();
    this.#reasoningText.data = "";
  }

  finish(answer: string, reasoning: string): void {
    this.show(answer, reasoning);
    this.#text.finish(answer);
    this.#waiting.replaceChildren();
    this.#reasoningTitle.textContent = "Reasoning";
    this.element.setAttribute("aria-busy", "false");
  }

  clearNotes(): void {
    this.#continue = undefined;
    this.#notes.replaceChildren();
  }

  /** How the answer ended that is not whole; the button makes the model go on. */
  noteEnding(note: Note, goOn: () => void): void {
    const title = "The model is called again and begins with what there is";
    this.note({ ...note, button: { label: "Continue", title, onclick: goOn } });
    this.#continue = this.#notes.querySelector<HTMLButtonElement>(".note:last-child button") ?? undefined;
    this.canContinue = this.#canContinue;
  }

  note(note: Note): void {
    const words = make("p", { dir: "auto" }, make("strong", {}, note.text));
    if (note.advice) words.append(" ", note.advice);
    const role = note.kind === "error" ? "alert" : "note";
    const element = make("div", { className: `note ${note.kind}`, role }, words);
    if (note.reason) element.append(make("code", {}, note.reason));
    if (note.button) {
      const { label, title, onclick } = note.button;
      element.append(make("button", { type: "button", className: "button", title, onclick }, label));
    }
    this.#notes.append(element);
  }

  /** The small line below: figures, each with what it means. */
  figures(...figures: { text: string; title?: string | undefined }[]): void {
    this.#foot.hidden = false;
    this.#foot.replaceChildren(
      ...figures.filter(({ text }) => text).map(({ text, title }) => make("span", { title }, text)));
    if (this.#answer && navigator.clipboard) {
      this.#foot.append(iconButton("copy", "Copy the answer", () => void navigator.clipboard.writeText(this.#answer)));
    }
  }
}
