import type { StreamChatResponse } from "../gen/chat/v1/chat_pb";
import { type Document, type StreamEnd, StreamState, type Warning } from "../gen/chat/v1/events_pb";
import type { Message } from "../gen/chat/v1/sessions_pb";
import { type Failure, failureOf, failureOfEvent } from "../service/failures";
import { authenticated, chat } from "../service/service";
import { isRunning } from "../service/states";
import { AnswerParts, TextPart } from "./answerParts";
import { AnswerView } from "./answerView";
import { isStep, triesOf, triesSoFar } from "./attempts";
import { canDigest } from "./digest";
import { canContinue, endingOf } from "./endings";
import { figuresOf, usageFigures } from "./figures";
import type { Output } from "../tools/resultForm";
import { textOf } from "./questionView";
import { TurnLog } from "./turnLog";

// A frame that took this share of the time is followed by a pause, so that typing stays smooth beside a long answer.
const REST_PER_WORK = 3;

// After that the person is told that the service did not take it.
const ANSWER_MS = 15_000;

export interface AnswerListener {
  /** Text was added to the page, or the answer stands elsewhere than before. */
  changed(): void;
  sendAgain(answer: Answer): void;
  /** The model is to go on with an answer that is not whole. */
  goOn(answer: Answer): void;
  /** What the service has saved is to be shown in place of what came. */
  reload(answer: Answer): void;
  /** A document came, or somebody wants to see it. */
  document(document: Document, isWanted: boolean): void;
}

/** An answer: it grows by the events of its turn, and is in the end what the service has saved. */
export class Answer {
  readonly view = new AnswerView({
    open: (document) => this.#listener.document(document, true),
    submit: (toolCallId, output, isError) => this.#submit(toolCallId, output, isError),
  });
  readonly #log = new TurnLog();
  readonly #listener: AnswerListener;
  #state = StreamState.RUNNING;
  #streamId = "";
  /** What it is made of: as its events tell it, or as it is saved. */
  #parts: AnswerParts | undefined;
  #stopping = false;
  /** It was told that it runs. */
  #isFollowed = false;
  #frame: number | undefined;
  #restUntil = 0;

  constructor(listener: AnswerListener) {
    this.#listener = listener;
  }

  get state(): StreamState {
    return this.#state;
  }

  get streamId(): string {
    return this.#streamId;
  }

  get isRunning(): boolean {
    return isRunning(this.#state);
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  get documents(): Document[] {
    return (this.#parts ?? this.#log.parts).documents;
  }

  /** What the service has of it now. */
  update(message: Message): void {
    this.#streamId = message.streamId;
    if (!this.isRunning) return;
    if (isRunning(message.state)) {
      this.#wait(message.state, message.author);
      return;
    }

    this.#end(message.state);
    this.view.author = message.author;
    const text = textOf(message);
    const { parts, reasoning } = this.#log;
    const isKnown = text === parts.text && message.reasoning === reasoning.text
      && message.toolResults.length === parts.tools.filter(({ result }) => result).length
      && message.documents.length === parts.documents.length;
    this.#parts = isKnown ? parts : AnswerParts.of(message, text);
    const thought = new TextPart();
    thought.append(0n, message.reasoning);
    this.view.finish(this.#parts.all, isKnown ? reasoning : thought);
    this.view.clearNotes();
    this.#noteEnding(message.finishReason);
    this.view.figures(...usageFigures(message.usage));
    this.#listener.changed();
    if (this.#isFollowed) void this.#readEnd();
  }

  /** The next event of its turn, or one that was told before. */
  observe(next: StreamChatResponse): void {
    if (!this.isRunning) return;
    const taken = this.#log.observe(next);
    const { event } = next;
    if (taken === "withdrawn") {
      this.view.clearNotes();
      this.view.tries(undefined);
      this.#log.warnings.forEach((warning) => this.#noteWarning(warning));
    }
    if (event.case === "sessionInfo") {
      this.#streamId = event.value.streamId;
      this.#wait(event.value.state, event.value.model);
    } else if (event.case === "warning" && taken === "new") {
      this.#noteWarning(event.value);
    } else if (event.case === "document" && taken === "new") {
      this.#listener.document(event.value, false);
    } else if (event.case === "streamEnd" && taken === "new") {
      void this.#conclude(event.value);
      return;
    }
    this.#frame ??= requestAnimationFrame((now) => this.#show(now));
  }

  /** Ends the turn at the service, which keeps what there is. */
  async stop(): Promise<void> {
    if (this.#stopping || this.#streamId === "") return;
    this.#stopping = true;
    this.#listener.changed();
    try {
      await authenticated(() => chat.cancelStream(
        { target: { case: "streamId", value: this.#streamId } }, { timeoutMs: ANSWER_MS }));
    } catch (error) {
      this.#stopping = false;
      const { what, advice, reason } = failureOf(error);
      this.view.note({ kind: "error", text: `The answer could not be stopped: ${what}`, advice, reason });
      this.#listener.changed();
    }
  }

  async #submit(toolCallId: string, output: Output, isError: boolean): Promise<void> {
    await authenticated(() => chat.submitToolResult(
      { streamId: this.#streamId, toolCallId, output, isError }, { timeoutMs: ANSWER_MS }));
  }

  #wait(state: StreamState, author: string): void {
    this.#isFollowed = true;
    this.#state = isRunning(state) ? state : StreamState.RUNNING;
    if (this.#state === StreamState.QUEUED) this.view.queue(author, () => void this.stop());
    else if (this.#log.parts.text) this.view.author = author;
    else this.view.await(author);
    this.#listener.changed();
  }

  #show(now: number): void {
    this.#frame = undefined;
    if (now < this.#restUntil) {
      this.#frame = requestAnimationFrame((later) => this.#show(later));
      return;
    }
    this.view.show(this.#log.parts.all, this.#log.reasoning);
    this.#listener.changed();
    const end = performance.now();
    this.#restUntil = end + REST_PER_WORK * (end - now);
  }

  #end(state: StreamState): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#state = state;
    this.#stopping = false;
  }

  /** It ended before its events were told: they say why it failed, or prove that it is whole. */
  async #readEnd(): Promise<void> {
    const log = this.#log;
    const resume = { streamId: this.#streamId, epoch: log.session?.epoch ?? 0n, afterSequence: log.last };
    try {
      for await (const next of chat.streamChat({ resume })) log.observe(next);
    } catch {
      // What is saved is shown already.
    }
    if (!log.end || (await log.flaw())) return;
    this.#parts = undefined;
    this.view.clearNotes();
    log.warnings.forEach((warning) => this.#noteWarning(warning));
    await this.#conclude(log.end);
  }

  async #conclude(end: StreamEnd): Promise<void> {
    this.#end(isRunning(end.state) ? StreamState.FAILED : end.state);
    const { error, done, parts, reasoning, warnings } = this.#log;
    this.view.finish(parts.all, reasoning);
    this.view.tries(triesOf(end.attempts, warnings));
    if (error) this.#noteFailure(failureOfEvent(error));
    else this.#noteEnding(done?.finishReason);
    this.#listener.changed();
    const flaw = await this.#log.flaw();
    if (flaw) {
      const button = { label: "Load what was saved", onclick: () => this.#listener.reload(this) };
      this.view.note({ kind: "error", text: flaw, button });
    }
    const proof = { text: end.state === StreamState.COMPLETED ? "✓ whole" : "✓ as saved" };
    const said = canDigest
      ? { ...proof, title: "Every event came in order, and the text's SHA-256 is the service's" }
      : { text: "in order", title: "Every event came; browsers reckon SHA-256 on HTTPS and localhost only" };
    this.view.figures(...figuresOf(end), ...(flaw ? [] : [said]));
    this.#listener.changed();
  }

  #noteWarning(warning: Warning): void {
    if (isStep(warning)) this.view.tries(triesSoFar(this.#log.warnings));
    else this.view.note({ kind: "warning", text: warning.message, reason: warning.code });
  }

  #noteEnding(reason: number | undefined): void {
    const note = endingOf(this.#state, reason);
    if (!note) return;
    if (canContinue(this.#state)) this.view.noteEnding(note, () => this.#listener.goOn(this));
    else this.view.note(note);
  }

  #noteFailure({ what, advice, reason, retryable }: Failure): void {
    const note = { kind: "error", text: what, advice, reason } as const;
    if (this.#log.parts.text || this.#state === StreamState.INTERRUPTED) {
      this.view.noteEnding(note, () => this.#listener.goOn(this));
    } else {
      const button = { label: "Send again", onclick: () => this.#listener.sendAgain(this) };
      this.view.note({ ...note, ...(retryable && { button }) });
    }
  }
}
