import type { Document, ToolCall, ToolKind, ToolProgress, ToolResult } from "../gen/chat/v1/events_pb";
import type { Message } from "../gen/chat/v1/sessions_pb";

/** A text that grows, and whose end may be withdrawn. */
export class TextPart {
  readonly kind = "text";
  text = "";
  /** How often its end was withdrawn: what is shown of it may no longer be its beginning. */
  withdrawals = 0;
  readonly #pieces: { sequence: bigint; start: number }[] = [];

  append(sequence: bigint, text: string): void {
    this.#pieces.push({ sequence, start: this.text.length });
    this.text += text;
  }

  /** True: there was something after that sequence, which is gone now. */
  withdraw(after: bigint): boolean {
    const first = this.#pieces.findIndex(({ sequence }) => sequence > after);
    if (first < 0) return false;
    this.text = this.text.slice(0, this.#pieces[first]?.start);
    this.#pieces.length = first;
    this.withdrawals++;
    return true;
  }
}

/** A tool that was called, as far as it is known what it is asked and what it came to. */
export class ToolPart {
  readonly kind = "tool";
  readonly id: string;
  readonly name: string;
  readonly toolKind: ToolKind;
  /** Where the call began in the turn's log. */
  readonly sequence: bigint;
  arguments = "";
  isWhole = false;
  progress: ToolProgress | undefined;
  result: ToolResult | undefined;
  /** Counts the changes, so that what did not change is not shown anew. */
  changes = 0;

  constructor(sequence: bigint, { id, name, kind }: ToolCall) {
    this.sequence = sequence;
    this.id = id;
    this.name = name;
    this.toolKind = kind;
  }

  take({ argumentsDelta, argumentsJson }: ToolCall): void {
    this.isWhole ||= argumentsJson !== "";
    this.arguments = argumentsJson || this.arguments + argumentsDelta;
    this.changes++;
  }
}

/** A work product that came with the answer. */
export interface DocumentPart {
  readonly kind: "document";
  readonly document: Document;
}

export type AnswerPart = TextPart | ToolPart | DocumentPart;

/** What an answer is made of, in the order in which it came: texts, calls of tools between them, documents. */
export class AnswerParts {
  #parts: AnswerPart[] = [];

  /** Those of a saved message, which does not say where in the text a tool was called. */
  static of(message: Message, text: string): AnswerParts {
    const parts = new AnswerParts();
    for (const call of message.toolCalls) parts.takeCall(0n, call);
    for (const result of message.toolResults) parts.takeResult(result);
    if (text) parts.takeText(0n, text);
    for (const document of message.documents) parts.takeDocument(document);
    return parts;
  }

  get all(): readonly AnswerPart[] {
    return this.#parts;
  }

  get text(): string {
    return this.#parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
  }

  get tools(): ToolPart[] {
    return this.#parts.filter((part) => part.kind === "tool");
  }

  get documents(): Document[] {
    return this.#parts.filter((part) => part.kind === "document").map(({ document }) => document);
  }

  takeText(sequence: bigint, text: string): void {
    let last = this.#parts.at(-1);
    if (last?.kind !== "text") {
      last = new TextPart();
      this.#parts.push(last);
    }
    last.append(sequence, text);
  }

  takeCall(sequence: bigint, call: ToolCall): void {
    let tool = this.#open(call.id);
    if (!tool) {
      tool = new ToolPart(sequence, call);
      this.#parts.push(tool);
    }
    tool.take(call);
  }

  takeProgress(progress: ToolProgress): void {
    const tool = this.#open(progress.id);
    if (!tool) return;
    tool.progress = progress;
    tool.changes++;
  }

  takeResult(result: ToolResult): void {
    const tool = this.#open(result.id);
    if (!tool) return;
    tool.result = result;
    tool.changes++;
  }

  takeDocument(document: Document): void {
    this.#parts.push({ kind: "document", document });
  }

  /** Takes back the text after that sequence, and the calls that began after it; true: there were such. */
  withdraw(after: bigint): boolean {
    const before = this.#parts.length;
    this.#parts = this.#parts.filter((part) => part.kind !== "tool" || part.sequence <= after);
    let withdrawn = this.#parts.length < before;
    for (const part of this.#parts) {
      if (part.kind === "text" && part.withdraw(after)) withdrawn = true;
    }
    this.#parts = this.#parts.filter((part) => part.kind !== "text" || part.text !== "");
    return withdrawn;
  }

  // An id may be used again, by a model that counts its calls anew in each round.
  #open(id: string): ToolPart | undefined {
    return this.tools.find((tool) => tool.id === id && !tool.result);
  }
}
