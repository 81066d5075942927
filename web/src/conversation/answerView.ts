import { iconButton, make } from "../dom";
import type { AnswerPart, TextPart } from "./answerParts";
import { AnswerBody, type BodyActions } from "./answerBody";
import type { Tries } from "./attempts";
import { MessageBar } from "./messageBar";

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

/** An answer on the page: who gives it, what was thought, the text and what came with it, what there is to know. */
export class AnswerView {
  readonly element: HTMLElement;
  readonly bar = new MessageBar();
  readonly #author = make("span", { className: "author" });
  readonly #waiting = make("span", { className: "waiting" });
  readonly #reasoning = make("details", { className: "reasoning", hidden: true });
  readonly #reasoningTitle = make("summary", {}, "Thinking…");
  readonly #reasoningText = document.createTextNode("");
  readonly #body: AnswerBody;
  readonly #tries = make("details", { className: "tries", hidden: true });
  readonly #notes = make("div", { className: "notes" });
  readonly #foot = make("footer", { className: "figures", hidden: true });
  #continue: HTMLButtonElement | undefined;
  #canContinue = false;
  #answer = "";
  #withdrawals = 0;

  constructor(actions: BodyActions) {
    this.#body = new AnswerBody(actions);
    this.#reasoning.append(this.#reasoningTitle,
      make("div", { className: "reasoning-text", dir: "auto" }, this.#reasoningText));
    this.element = make("article", { className: "answer", "aria-label": "Answer" },
      make("header", {}, this.#author, this.#waiting), this.#reasoning, this.#body.element, this.#tries, this.#notes,
      make("div", { className: "answer-foot" }, this.#foot, this.bar.element));
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

  /** Shows what there is so far. */
  show(parts: readonly AnswerPart[], reasoning: TextPart): void {
    this.#showReasoning(reasoning);
    this.#showBody(parts, false);
  }

  finish(parts: readonly AnswerPart[], reasoning: TextPart): void {
    this.#showReasoning(reasoning);
    this.#showBody(parts, true);
    this.#waiting.replaceChildren();
    this.#reasoningTitle.textContent = "Reasoning";
    this.element.setAttribute("aria-busy", "false");
  }

  /** What was tried until somebody answered; undefined: nothing that is worth a word. */
  tries(tries: Tries | undefined): void {
    this.#tries.hidden = !tries;
    this.#tries.replaceChildren(make("summary", {}, tries?.sentence ?? ""),
      make("ol", {}, ...(tries?.details ?? []).map((line) => make("li", { dir: "auto" }, line))));
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

  #showReasoning({ text, withdrawals }: TextPart): void {
    if (withdrawals !== this.#withdrawals || text.length < this.#reasoningText.length) this.#reasoningText.data = "";
    this.#withdrawals = withdrawals;
    this.#reasoning.hidden = text === "";
    if (text.length > this.#reasoningText.length) {
      this.#reasoningText.appendData(text.slice(this.#reasoningText.length));
    }
  }

  #showBody(parts: readonly AnswerPart[], isEnded: boolean): void {
    this.#answer = parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
    if (this.#answer) {
      this.#waiting.replaceChildren();
      this.#reasoningTitle.textContent = "Reasoning";
    }
    this.#body.show(parts, isEnded);
  }
}
