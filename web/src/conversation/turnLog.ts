import type { StreamChatResponse } from "../gen/chat/v1/chat_pb";
import {
  type Done, type Error as ErrorEvent, type SessionInfo, type StreamEnd, TokenChannel, type Warning,
} from "../gen/chat/v1/events_pb";

/** A turn as its events tell it, held against what the service says that it sent. */
export class TurnLog {
  answer = "";
  reasoning = "";
  session: SessionInfo | undefined;
  done: Done | undefined;
  error: ErrorEvent | undefined;
  end: StreamEnd | undefined;
  readonly warnings: Warning[] = [];

  // Where each token of the answer began: its sequence and the length of the text before it.
  readonly #tokens: { sequence: bigint; start: number }[] = [];
  #last = 0n;
  #gap = false;

  /** Takes the next event; true: text of the answer was withdrawn. */
  observe(next: StreamChatResponse): boolean {
    if (next.sequence !== 0n) {
      this.#gap ||= next.sequence !== this.#last + 1n || this.end !== undefined;
      this.#last = next.sequence;
    }

    const { event } = next;
    switch (event.case) {
      case "sessionInfo":
        this.session = event.value;
        break;
      case "token":
        if (event.value.channel === TokenChannel.REASONING) {
          this.reasoning += event.value.text;
        } else {
          this.#tokens.push({ sequence: next.sequence, start: this.answer.length });
          this.answer += event.value.text;
        }
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
    return false;
  }

  /** What is wrong with the ended stream, in a sentence; undefined: nothing. */
  async flaw(): Promise<string | undefined> {
    if (this.#gap) return "Events were lost, repeated or out of order on the way: this answer may not be whole.";
    if (!this.end) return "The stream ended without its end mark: this answer is not whole.";
    if (this.end.lastSequence !== this.#last) return "Events are missing at the end: this answer is not whole.";
    const digest = await sha256(this.answer);
    return digest !== undefined && digest !== this.end.answerSha256
      ? "This text is not the one that the service saved."
      : undefined;
  }

  #retract(after: bigint): boolean {
    const first = this.#tokens.findIndex((token) => token.sequence > after);
    if (first < 0) return false;
    this.answer = this.answer.slice(0, this.#tokens[first]?.start);
    this.#tokens.length = first;
    return true;
  }
}

/** Browsers reckon digests on HTTPS and localhost only. */
export const canDigest = globalThis.crypto?.subtle !== undefined;

async function sha256(text: string): Promise<string | undefined> {
  if (!canDigest) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
