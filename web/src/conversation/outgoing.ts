import { Code, ConnectError } from "@connectrpc/connect";
import { OnBusy, type Part, type StreamChatResponse } from "../gen/chat/v1/chat_pb";
import type { SessionInfo } from "../gen/chat/v1/events_pb";
import { Backoff } from "../service/backoff";
import { failureOf, hasReason, isOfTransport } from "../service/failures";
import { authenticated, chat } from "../service/service";
import type { AnswerView } from "./answerView";

// These come of a connection that broke, or of one that could not be made.
const breaks = new Set([Code.Unknown, Code.Internal, Code.Unavailable, Code.DeadlineExceeded]);

/** What is sent; the same once more, with its id, is the same turn. */
export interface Request {
  message?: string;
  sessionId: string;
  model: string;
  clientRequestId: string;
  /** The pictures of a message that is edited. */
  parts?: Part[];
  /** The message that this one is to stand beside. */
  editMessageId?: string;
  /** What is to be answered once more; then there is no message. */
  regenerateMessageId?: string;
  /** The turn whose answer is to be completed; then there is no message. */
  continueFrom?: string;
  /** What the model may call; absent: what the service offers by itself. */
  tools?: { names: string[] };
}

/** It begins another branch instead of going on with the one that is shown. */
export function isBeside({ editMessageId, regenerateMessageId, continueFrom }: Request): boolean {
  return (editMessageId ?? regenerateMessageId ?? continueFrom) !== undefined;
}

/** The service has the message. */
export interface Arrival {
  first: StreamChatResponse;
  session: SessionInfo;
}

interface Listener {
  /** It may be long until the next try. */
  pauses(): void;
  sendAgain(): void;
}

/** A message on its way to the service, sent until it is known that it has arrived. */
export class Outgoing {
  readonly #request: Request;
  readonly #view: AnswerView;
  readonly #listener: Listener;
  readonly #abort = new AbortController();
  readonly #backoff = new Backoff();
  #stopping = false;
  /** Ends the pause before the next try. */
  #tryNow: (() => void) | undefined;

  constructor(request: Request, view: AnswerView, listener: Listener) {
    this.#request = request;
    this.#view = view;
    this.#listener = listener;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  /** Resolves when the service has the message: its answer is then read by the hub. Undefined: it was refused. */
  async send(): Promise<Arrival | undefined> {
    for (;;) {
      try {
        const arrival = await authenticated(() => this.#begin());
        this.#view.clearNotes();
        return arrival;
      } catch (error) {
        if (this.#abort.signal.aborted || !mayPass(error)) {
          this.#tell(error);
          return undefined;
        }
        await this.#pause(error);
      }
    }
  }

  /** Remembers it until the service has the message; a second call no longer waits for that. */
  stop(): void {
    if (this.#stopping || this.#tryNow) this.#abort.abort();
    this.#stopping = true;
    this.#tryNow?.();
  }

  /** Reads as far as the service says which turn it is, and goes: a turn does not end with its reader. */
  async #begin(): Promise<Arrival> {
    const reading = new AbortController();
    const giveUp = () => reading.abort();
    this.#abort.signal.addEventListener("abort", giveUp);
    try {
      this.#abort.signal.throwIfAborted();
      const request = { ...this.#request, onBusy: OnBusy.QUEUE };
      for await (const first of chat.streamChat(request, { signal: reading.signal })) {
        if (first.event.case === "sessionInfo") return { first, session: first.event.value };
      }
      throw new ConnectError("The service ended the call without a word.", Code.Unavailable);
    } finally {
      reading.abort();
      this.#abort.signal.removeEventListener("abort", giveUp);
    }
  }

  async #pause(error: unknown): Promise<void> {
    this.#listener.pauses();
    const { what, advice } = failureOf(error);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#backoff.next());
      this.#tryNow = () => {
        clearTimeout(timer);
        resolve();
      };
      const again = { label: "Send again", onclick: () => this.#tryNow?.() };
      this.#view.clearNotes();
      this.#view.note({
        kind: "error", text: what, advice: `${advice} The message is sent again by itself.`, button: again,
      });
    });
    this.#tryNow = undefined;
  }

  #tell(error: unknown): void {
    this.#view.clearNotes();
    if (this.#abort.signal.aborted) {
      this.#view.note({
        kind: "info", text: "Stopped before the service answered.",
        advice: "If the message did arrive, its answer may go on at the service and will be in the chat.",
      });
      return;
    }
    const { what, advice, reason, retryable } = failureOf(error);
    const button = { label: "Send again", onclick: () => this.#listener.sendAgain() };
    this.#view.note({ kind: "error", text: what, advice, reason, ...(retryable && { button }) });
  }
}

/** The service did not say no, or it said that it is going: another try may reach it. */
function mayPass(error: unknown): boolean {
  return hasReason(error, "SERVICE_STOPPING")
    || (isOfTransport(error) && breaks.has(ConnectError.from(error).code));
}
