import type { StreamChatResponse } from "../gen/chat/v1/chat_pb";
import {
  type Done, type Error as ErrorEvent, type SessionInfo, type StreamEnd, TokenChannel, type Warning,
} from "../gen/chat/v1/events_pb";
import { AnswerParts, TextPart } from "./answerParts";
import { sha256 } from "./digest";

/** What an event was to the log. Known: it was told before; withdrawn: something that was there is no longer. */
export type Taken = "new" | "known" | "withdrawn";

/** A turn as its events tell it, over as many readings as it took, held against what the service says that it sent. */
export class TurnLog {
  parts = new AnswerParts();
  reasoning = new TextPart();
  session: SessionInfo | undefined;
  done: Done | undefined;
  error: ErrorEvent | undefined;
  end: StreamEnd | undefined;
  warnings: Warning[] = [];

  /** The logged events, in the order in which they came. */
  #events: StreamChatResponse[] = [];
  #last = 0n;
  /** The sequence that this reading has to go on with. */
  #next = 1n;
  #gap = false;

  /** The sequence of the newest event. */
  get last(): bigint {
    return this.#last;
  }

  /** Takes the next event of the reading that goes on. */
  observe(next: StreamChatResponse): Taken {
    if (next.event.case === "sessionInfo") return this.#begin(next.event.value);
    if (next.sequence === 0n) return "new";
    this.#gap ||= next.sequence !== this.#next;
    this.#next = next.sequence + 1n;
    if (next.sequence <= this.#last) return "known";
    this.#gap ||= this.end !== undefined;
    return this.#append(next);
  }

  /** What is wrong with the ended stream, in a sentence; undefined: nothing. */
  async flaw(): Promise<string | undefined> {
    if (this.#gap) return "Events were lost, repeated or out of order on the way: this answer may not be whole.";
    if (!this.end) return "The stream ended without its end mark: this answer is not whole.";
    if (this.end.lastSequence !== this.#last) return "Events are missing at the end: this answer is not whole.";
    const digest = await sha256(this.parts.text);
    return digest !== undefined && digest !== this.end.answerSha256
      ? "This text is not the one that the service saved."
      : undefined;
  }

  /** Another reading begins. What a new owner of the turn does not know was never so. */
  #begin(session: SessionInfo): Taken {
    const isNewOwner = this.session !== undefined && session.epoch > this.session.epoch;
    this.session = session;
    this.#next = session.resumedAfter + 1n;
    this.#gap ||= session.resumedAfter > this.#last;
    if (!isNewOwner || session.resumedAfter >= this.#last) return "new";

    const kept = this.#events.filter((event) => event.sequence <= session.resumedAfter);
    this.parts = new AnswerParts();
    this.reasoning = new TextPart();
    this.done = this.error = this.end = undefined;
    this.warnings = [];
    this.#events = [];
    this.#last = 0n;
    for (const event of kept) this.#append(event);
    return "withdrawn";
  }

  #append(next: StreamChatResponse): Taken {
    this.#last = next.sequence;
    this.#events.push(next);
    const { event, sequence } = next;
    switch (event.case) {
      case "token":
        if (event.value.channel === TokenChannel.REASONING) this.reasoning.append(sequence, event.value.text);
        else this.parts.takeText(sequence, event.value.text);
        break;
      case "toolCall":
        this.parts.takeCall(sequence, event.value);
        break;
      case "toolProgress":
        this.parts.takeProgress(event.value);
        break;
      case "toolResult":
        this.parts.takeResult(event.value);
        break;
      case "document":
        this.parts.takeDocument(event.value);
        break;
      case "retract":
        return this.#retract(event.value.afterSequence);
      case "warning":
        this.warnings.push(event.value);
        break;
      case "done":
        this.done = event.value;
        break;
      case "error":
        this.error = event.value;
        break;
      case "streamEnd":
        this.end = event.value;
        break;
    }
    return "new";
  }

  #retract(after: bigint): Taken {
    const answer = this.parts.withdraw(after);
    const reasoning = this.reasoning.withdraw(after);
    return answer || reasoning ? "withdrawn" : "new";
  }
}
