import { make } from "../dom";
import type { Part } from "../gen/chat/v1/chat_pb";
import type { Message } from "../gen/chat/v1/sessions_pb";
import { EditForm } from "./editForm";
import { MessageBar } from "./messageBar";

const BYTES_AT_A_TIME = 0x8000;
const shownTypes = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** What a person said: the text as it was typed, and the pictures that went with it. */
export class QuestionView {
  readonly element = make("article", { className: "question", "aria-label": "You" });
  readonly bar = new MessageBar();
  readonly #text: string;
  readonly #bubble: HTMLElement;
  #form: EditForm | undefined;

  constructor(text: string, pictures: readonly Part[] = []) {
    this.#text = text;
    this.#bubble = make("div", { className: "bubble", dir: "auto", hidden: text === "" }, text);
    for (const { content } of pictures) {
      if (content.case !== "image" || !shownTypes.has(content.value.mediaType)) continue;
      const src = `data:${content.value.mediaType};base64,${base64(content.value.data)}`;
      this.element.append(make("img", { src, alt: "Picture of the message" }));
    }
    this.element.append(this.#bubble, this.bar.element);
  }

  /** A message of a person, as the service has it. */
  static of(message: Message): QuestionView {
    return new QuestionView(textOf(message), picturesOf(message));
  }

  /** Lets the person write it anew. */
  edit(send: (text: string) => void): void {
    if (this.#form) return;
    const end = () => {
      this.#form?.element.replaceWith(this.#bubble);
      this.#form = undefined;
      this.bar.element.classList.remove("away");
    };
    this.#form = new EditForm(this.#text, {
      send: (text) => {
        end();
        send(text);
      },
      cancel: () => {
        end();
        this.bar.focusEdit();
      },
    });
    this.#bubble.replaceWith(this.#form.element);
    this.bar.element.classList.add("away");
    this.#form.focus();
  }
}

export function textOf({ parts }: Message): string {
  return parts.map(({ content }) => (content.case === "text" ? content.value : "")).join("");
}

export function picturesOf({ parts }: Message): Part[] {
  return parts.filter(({ content }) => content.case === "image");
}

function base64(data: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < data.length; i += BYTES_AT_A_TIME) {
    binary += String.fromCharCode(...data.subarray(i, i + BYTES_AT_A_TIME));
  }
  return btoa(binary);
}
