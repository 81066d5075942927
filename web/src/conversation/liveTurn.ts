import { Code, ConnectError } from "@connectrpc/connect";
import { FinishReason, type StreamEnd, StreamState } from "../gen/chat/v1/events_pb";
import { type Failure, failureOf, failureOfEvent, isOfTransport } from "../service/failures";
import { authenticated, chat } from "../service/service";
import type { AnswerView } from "./answerView";
import { figuresOf } from "./figures";
import { canDigest, TurnLog } from "./turnLog";

// A frame that took this share of the time is followed by a pause, so that typing stays smooth beside a long answer.
const REST_PER_WORK = 3;

// A browser has six connections to a service of HTTP/1.1, and streams may hold all of them: after so long without an
// answer to the cancelling, the stream's own connection is given up for it.
const OWN_CONNECTION_MS = 5000;

// Then it has as long again, twice over; after that the person is told.
const CANCEL_MS = 15_000;

/** What is sent; the same once more, with its id, is the same turn. */
export interface Request {
  message: string;
  sessionId: string;
  model: string;
  clientRequestId: string;
}

interface Listener {
  /** The service has the message, under this session. */
  began(sessionId: string): void;
  /** Text was added to the page. */
  grew(): void;
  /** As before: the service may have the message already, and then goes on with its turn. */
  sendAgain(asBefore: boolean): void;
  reload(): void;
}

/** A turn that this page began: it reads the stream, shows it, and stops it. */
export class LiveTurn {
  readonly #log = new TurnLog();
  readonly #view: AnswerView;
  readonly #listener: Listener;
  readonly #abort = new AbortController();
  #stopping = false;
  /** True once the service has ended the turn. */
  #cancelled: Promise<boolean> | undefined;
  #frame: number | undefined;
  #restUntil = 0;

  constructor(view: AnswerView, listener: Listener) {
    this.#view = view;
    this.#listener = listener;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Resolves when the stream has ended, however it did; the view then says how. */
  async run(request: Request): Promise<void> {
    let failure: unknown;
    try {
      await authenticated(() => this.#read(request));
    } catch (error) {
      failure = error;
    }
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#view.finish(this.#log.answer, this.#log.reasoning);
    await this.#conclude(failure);
    this.#listener.grew();
  }

  /**
   * Ends the turn at the service, which keeps what there is. Before the service has told the stream's id this waits
   * for it; a second call no longer does.
   */
  async stop(): Promise<void> {
    const streamId = this.#log.session?.streamId;
    if (streamId === undefined) {
      if (this.#stopping) this.#abort.abort();
      this.#stopping = true;
      return;
    }

    if (this.#stopping) return;
    this.#stopping = true;
    await (this.#cancelled = this.#cancel(streamId));
  }

  async #read(request: Request): Promise<void> {
    for await (const next of chat.streamChat(request, { signal: this.#abort.signal })) {
      if (this.#log.observe(next)) this.#view.forget();
      const { event } = next;
      if (event.case === "sessionInfo") {
        this.#view.await(event.value.model);
        this.#listener.began(event.value.sessionId);
        if (this.#stopping) this.#cancelled = this.#cancel(event.value.streamId);
      } else if (event.case === "warning") {
        this.#view.note({ kind: "warning", text: event.value.message, reason: event.value.code });
      }
      this.#frame ??= requestAnimationFrame((now) => this.#show(now));
    }
  }

  async #cancel(streamId: string): Promise<boolean> {
    const timer = setTimeout(() => this.#abort.abort(), OWN_CONNECTION_MS);
    try {
      await authenticated(() => chat.cancelStream(
        { target: { case: "streamId", value: streamId } }, { timeoutMs: CANCEL_MS }));
      return true;
    } catch (error) {
      this.#stopping = false;
      const { what, advice, reason } = failureOf(error);
      this.#view.note({ kind: "error", text: `The answer could not be stopped: ${what}`, advice, reason });
      return false;
    } finally {
      clearTimeout(timer);
    }
  }

  #show(now: number): void {
    this.#frame = undefined;
    if (now < this.#restUntil) {
      this.#frame = requestAnimationFrame((later) => this.#show(later));
      return;
    }
    this.#view.show(this.#log.answer, this.#log.reasoning);
    this.#listener.grew();
    const end = performance.now();
    this.#restUntil = end + REST_PER_WORK * (end - now);
  }

  async #conclude(failure: unknown): Promise<void> {
    const { session, error, end, done } = this.#log;
    if (end?.state === StreamState.CANCELLED) {
      this.#view.note({ kind: "info", text: "Stopped.", advice: "What there is of the answer is saved." });
    } else if (error) {
      this.#noteFailure(failureOfEvent(error));
    } else if (failure !== undefined && !end) {
      await this.#noteBreak(failure, session !== undefined);
    } else if (done?.finishReason === FinishReason.LENGTH) {
      this.#view.note({ kind: "info", text: "The answer reached its longest length and ends here." });
    } else if (done?.finishReason === FinishReason.CONTENT_FILTER) {
      this.#view.note({ kind: "info", text: "The provider's content filter ended the answer." });
    }

    await this.#prove(end, failure !== undefined);
  }

  async #prove(end: StreamEnd | undefined, failed: boolean): Promise<void> {
    const flaw = end || !failed ? await this.#log.flaw() : undefined;
    if (flaw) this.#view.note({ kind: "error", text: flaw, button: this.#reload() });
    if (!end) return;
    const proof = { text: end.state === StreamState.COMPLETED ? "✓ whole" : "✓ as saved" };
    const said = canDigest
      ? { ...proof, title: "Every event came in order, and the text's SHA-256 is the service's" }
      : { text: "in order", title: "Every event came; browsers reckon SHA-256 on HTTPS and localhost only" };
    this.#view.figures(...figuresOf(end), ...(flaw ? [] : [said]));
  }

  async #noteBreak(failure: unknown, began: boolean): Promise<void> {
    if (this.#stopping && !began && ConnectError.from(failure).code === Code.Canceled) {
      this.#view.note({
        kind: "info", text: "Stopped before the service answered.",
        advice: "If the message did arrive, its answer may go on at the service and will be in the chat.",
      });
    } else if (await this.#cancelled) {
      this.#view.note({
        kind: "info", text: "Stopped.", advice: "What there is of the answer is saved.", button: this.#reload(),
      });
    } else if (began && isOfTransport(failure)) {
      this.#view.note({
        kind: "error", text: "The connection was lost; the answer may go on at the service.", button: this.#reload(),
      });
    } else {
      this.#noteFailure(failureOf(failure), !began && isOfTransport(failure));
    }
  }

  #noteFailure({ what, advice, reason, retryable }: Failure, asBefore = false): void {
    const button = retryable ? { label: "Send again", onclick: () => this.#listener.sendAgain(asBefore) } : undefined;
    this.#view.note({ kind: "error", text: what, advice, reason, ...(button && { button }) });
  }

  #reload() {
    return { label: "Load what was saved", onclick: () => this.#listener.reload() };
  }
}
