import { make } from "../dom";
import { DocumentCard } from "../documents/documentCard";
import type { Document } from "../gen/chat/v1/events_pb";
import { GrowingText } from "../markdown/growingText";
import type { Submit } from "../tools/resultForm";
import { ToolGroup } from "../tools/toolGroup";
import { type AnswerPart, TextPart, ToolPart } from "./answerParts";

export interface BodyActions {
  open(document: Document): void;
  submit: Submit;
}

interface Segment {
  readonly element: HTMLElement;
  /** The part that it began with: another one makes another segment. */
  readonly from: AnswerPart;
  show(parts: readonly AnswerPart[], isEnded: boolean): void;
}

/** What an answer is made of, on the page: texts, and between them the tools that were called, and documents. */
export class AnswerBody {
  readonly element = make("div", { className: "answer-body" });
  readonly #actions: BodyActions;
  #segments: Segment[] = [];

  constructor(actions: BodyActions) {
    this.#actions = actions;
  }

  show(parts: readonly AnswerPart[], isEnded: boolean): void {
    const runs = runsOf(parts);
    runs.forEach((run, i) => {
      const [from] = run;
      if (this.#segments[i] && this.#segments[i].from !== from) this.#dropFrom(i);
      const segment = this.#segments[i] ??= this.#begin(from);
      segment.show(run, isEnded);
    });
    this.#dropFrom(runs.length);
  }

  #begin(from: AnswerPart): Segment {
    const segment = from.kind === "text" ? new TextSegment(from)
      : from.kind === "tool" ? new ToolSegment(from, this.#actions.submit)
        : { from, element: new DocumentCard(from.document, this.#actions.open).element, show: () => undefined };
    this.element.append(segment.element);
    return segment;
  }

  #dropFrom(index: number): void {
    for (const { element } of this.#segments.splice(index)) element.remove();
  }
}

class TextSegment implements Segment {
  readonly element = make("div", { className: "prose" });
  readonly from: TextPart;
  readonly #text = new GrowingText(this.element);
  #withdrawals = 0;
  #isFinished = false;

  constructor(from: TextPart) {
    this.from = from;
  }

  show(_: readonly AnswerPart[], isEnded: boolean): void {
    const { text, withdrawals } = this.from;
    if (withdrawals !== this.#withdrawals) this.#text.reset();
    this.#withdrawals = withdrawals;
    if (!isEnded) this.#text.show(text);
    else if (!this.#isFinished) this.#text.finish(text);
    this.#isFinished = isEnded;
  }
}

class ToolSegment implements Segment {
  readonly from: ToolPart;
  readonly #group: ToolGroup;

  constructor(from: ToolPart, submit: Submit) {
    this.from = from;
    this.#group = new ToolGroup(submit);
  }

  get element(): HTMLElement {
    return this.#group.element;
  }

  show(parts: readonly AnswerPart[], isEnded: boolean): void {
    this.#group.show(parts.filter((part) => part.kind === "tool"), isEnded);
  }
}

/** Calls in a row stand together; everything else stands alone. */
function runsOf(parts: readonly AnswerPart[]): [AnswerPart, ...AnswerPart[]][] {
  const runs: [AnswerPart, ...AnswerPart[]][] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (part.kind === "tool" && last?.[0].kind === "tool") last.push(part);
    else runs.push([part]);
  }
  return runs;
}
