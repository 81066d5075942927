import { make } from "../dom";
import type { Message } from "../gen/chat/v1/sessions_pb";

const BYTES_AT_A_TIME = 0x8000;
const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

interface Picture {
  mediaType: string;
  data: Uint8Array;
}

/** A message of a person, as the service has it. */
export function savedQuestion(message: Message): HTMLElement {
  return questionView(textOf(message),
    message.parts.flatMap(({ content }): Picture[] => (content.case === "image" ? [content.value] : [])));
}

export function textOf({ parts }: Message): string {
  return parts.map(({ content }) => (content.case === "text" ? content.value : "")).join("");
}

/** What a person said: the text as it was typed, and the pictures that went with it. */
export function questionView(text: string, images: Picture[] = []): HTMLElement {
  const element = make("article", { className: "question", "aria-label": "You" });
  for (const { mediaType, data } of images.filter((image) => pictures.has(image.mediaType))) {
    element.append(make("img", { src: `data:${mediaType};base64,${base64(data)}`, alt: "Picture of the message" }));
  }
  if (text) element.append(make("div", { className: "bubble", dir: "auto" }, text));
  return element;
}

function base64(data: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < data.length; i += BYTES_AT_A_TIME) {
    binary += String.fromCharCode(...data.subarray(i, i + BYTES_AT_A_TIME));
  }
  return btoa(binary);
}
