import { icon, make } from "../dom";
import type { Document } from "../gen/chat/v1/events_pb";
import { bareType } from "./fileName";

/** A document in the answer that it came with: what it is called, and the way to it. */
export class DocumentCard {
  readonly element: HTMLElement;

  constructor(document: Document, open: (document: Document) => void) {
    this.element = make("button", { type: "button", className: "document-card", onclick: () => open(document) },
      icon("document"), make("bdi", { className: "document-title" }, titleOf(document)),
      make("span", { className: "quiet" }, `${bareType(document.mediaType) || "document"} · ${sizeOf(document)}`));
  }
}

export function titleOf({ title }: Document): string {
  return title.trim() || "Document";
}

function sizeOf({ content }: Document): string {
  const bytes = content.case === "data" ? content.value.length : new TextEncoder().encode(content.value ?? "").length;
  return bytes < 1000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
