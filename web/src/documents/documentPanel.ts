import { download } from "../download";
import { byId, iconButton, make } from "../dom";
import type { Document } from "../gen/chat/v1/events_pb";
import { codeBlock } from "../markdown/codeBlock";
import { GrowingText } from "../markdown/growingText";
import { titleOf } from "./documentCard";
import { bareType, fileNameOf } from "./fileName";
import { prettyJson } from "./json";

/** The documents of the conversation, one at a time beside it; on a narrow screen below. */
export class DocumentPanel {
  readonly #element = byId("documents", HTMLElement);
  readonly #title = make("h2", { tabIndex: -1, dir: "auto" });
  readonly #choice = make("select", {
    "aria-label": "Document", hidden: true, onchange: () => this.#show(this.#documents[this.#choice.selectedIndex]),
  });
  readonly #copy = iconButton("copy", "Copy the document", () => void this.#copyText());
  readonly #body = make("div", { className: "document-body", tabIndex: 0, role: "region", "aria-label": "Content" });
  #documents: readonly Document[] = [];
  #shown: Document | undefined;
  /** What had the focus when a person opened it. */
  #opener: Element | null = null;

  constructor() {
    this.#element.append(
      make("header", {}, this.#title, this.#copy,
        iconButton("download", "Download the document", () => this.#download()),
        iconButton("close", "Close the document", () => this.close())),
      this.#choice, this.#body);
    this.#element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      // Elsewhere it ends the answer.
      event.stopPropagation();
      this.close();
    });
  }

  get isOpen(): boolean {
    return !this.#element.hidden;
  }

  /** Shows one of them; the others can be chosen. */
  show(documents: readonly Document[], shown: Document): void {
    this.#documents = documents;
    const names = documents.map((document, i) => `${i + 1}. ${titleOf(document)}`);
    this.#choice.replaceChildren(...names.map((name) => make("option", {}, name)));
    this.#choice.hidden = documents.length < 2;
    this.#element.hidden = false;
    this.#show(shown);
  }

  /** Goes to what is shown, as whoever opened it wants. */
  focus(): void {
    this.#opener = document.activeElement;
    this.#title.focus();
  }

  close(): void {
    const hadFocus = this.#element.contains(document.activeElement);
    this.#element.hidden = true;
    this.#shown = undefined;
    this.#body.replaceChildren();
    if (hadFocus && this.#opener instanceof HTMLElement) this.#opener.focus();
    this.#opener = null;
  }

  #show(shown: Document | undefined): void {
    if (!shown || shown === this.#shown) return;
    this.#shown = shown;
    this.#choice.selectedIndex = this.#documents.indexOf(shown);
    this.#title.textContent = titleOf(shown);
    this.#copy.hidden = !navigator.clipboard || shown.content.case !== "text";
    this.#body.replaceChildren(contentOf(shown));
    this.#body.scrollTop = 0;
  }

  async #copyText(): Promise<void> {
    if (this.#shown?.content.case !== "text") return;
    await navigator.clipboard.writeText(this.#shown.content.value).catch(() => undefined);
  }

  #download(): void {
    if (!this.#shown) return;
    const { title, mediaType, content } = this.#shown;
    const bytes = content.case === "data" ? Uint8Array.from(content.value)
      : new TextEncoder().encode(content.value ?? "");
    download(fileNameOf(title, mediaType), [bytes]);
  }
}

/** Markdown and JSON laid out, any other text as it is: nothing of a document is ever a page of its own. */
function contentOf({ mediaType, content }: Document): HTMLElement {
  if (content.case !== "text") return make("p", { className: "quiet" }, "This is no text; it can be downloaded.");
  const type = bareType(mediaType);
  if (type === "text/markdown") {
    const prose = make("div", { className: "prose" });
    new GrowingText(prose).finish(content.value);
    return prose;
  }
  if (type === "application/json" || type.endsWith("+json")) return codeBlock(prettyJson(content.value), "json");
  return make("pre", { className: "document-text", dir: "auto" }, content.value);
}
