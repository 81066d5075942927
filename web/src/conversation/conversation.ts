import { type Document, StreamState } from "../gen/chat/v1/events_pb";
import type { Message, Session, WatchSessionResponse } from "../gen/chat/v1/sessions_pb";
import { isRunning } from "../service/states";
import { Answer } from "./answer";
import { Branching } from "./branching";
import { History } from "./history";
import { newId } from "./ids";
import { MessageViews } from "./messageViews";
import { isAnswer } from "./messageTree";
import { Outbox, type Sent } from "./outbox";
import type { Arrival, Request } from "./outgoing";
import { picturesOf, textOf } from "./questionView";
import type { Scroller } from "./scroller";
import { Thread } from "./thread";

export interface ConversationListener {
  /** The service has a message that this page sent. */
  began(conversation: Conversation): void;
  /** An answer has ended, however it did. */
  ended(conversation: Conversation): void;
  /** A turn began or ended, or a text became longer. */
  changed(conversation: Conversation): void;
  /** A new session was made of a part of this one. */
  forked(session: Session): void;
  failed(text: string): void;
  selectedModel(): string;
  /** The tools that the person chose, by name; undefined: none were chosen. */
  selectedTools(): string[] | undefined;
  /** A document came with an answer, or somebody wants to see it. */
  document(conversation: Conversation, document: Document, isWanted: boolean): void;
}

/** A conversation on the page: what the service has of it, what runs in it, and what is on its way there. */
export class Conversation {
  readonly sessionId: string;
  readonly #listener: ConversationListener;
  readonly #history: History;
  readonly #views: MessageViews;
  readonly #thread: Thread;
  readonly #branching: Branching;
  readonly #outbox: Outbox;
  /** What came while it is not known yet which of it belongs to the message that is being sent. */
  #held: { response: WatchSessionResponse; fresh: boolean }[] = [];
  #running = 0;

  /** Without an id it is a new one. */
  constructor(sessionId: string, scroller: Scroller, listener: ConversationListener) {
    this.sessionId = sessionId || newId();
    this.#listener = listener;
    this.#views = new MessageViews({
      changed: () => this.#changed(),
      document: (document, isWanted) => listener.document(this, document, isWanted),
      goOn: (answer) => this.#continue(answer),
      reload: (answer) => void this.#reload(answer),
      sendAgain: (answer) => this.send(this.#questionOf(answer)),
    });
    this.#history = new History(this.sessionId, {
      read: (page) => {
        for (const message of page) this.#views.answers.get(message.messageId)?.update(message);
        this.#render();
      },
      busy: (is) => this.element.setAttribute("aria-busy", String(is)),
      failed: (text) => listener.failed(text),
    });
    this.#branching = new Branching(this.sessionId, this.#history, (text) => listener.failed(text));
    this.#thread = new Thread(this.#history, this.#views, scroller, {
      edit: (message, text) => this.#edit(message, text),
      regenerate: (message) => this.#regenerate(message),
      fork: (message) => void this.#fork(message),
      turnTo: (messageId) => this.#turnTo(messageId),
    });
    this.#outbox = new Outbox({
      changed: () => this.#render(),
      arrived: (sent, arrival) => this.#adopt(sent, arrival),
      settled: () => this.#release(),
    });
  }

  get element(): HTMLElement {
    return this.#thread.element;
  }

  get isEmpty(): boolean {
    return !this.#history.isLoaded && this.#thread.isEmpty;
  }

  /** A turn runs, or is about to, that Stop can end. */
  get isAnswering(): boolean {
    return this.#outbox.isSending || this.#running > 0;
  }

  get isStopping(): boolean {
    return this.#outbox.isStopping || (this.#current()?.isStopping ?? false);
  }

  /** The documents that came with its answers, in the order of these. */
  get documents(): Document[] {
    return this.#history.tree.branch.flatMap(({ messageId }) => this.#views.answers.get(messageId)?.documents ?? []);
  }

  /** Shows what the service has saved, once it is there. */
  load(): Promise<void> {
    return this.#history.load();
  }

  /** Goes to a message, on whatever branch it is. */
  async reveal(messageId: string): Promise<void> {
    const isHere = await this.#history.reach(messageId, false);
    if (this.#history.isMissing) return;
    if (!isHere) await this.#turnTo(messageId);
    this.#thread.reveal(messageId);
  }

  send(text: string): void {
    this.#send({ message: text }, this.#history.tree.branch.at(-1)?.messageId ?? "");
  }

  /** Ends what runs; what waits for it is answered next. */
  async stop(): Promise<void> {
    const current = this.#current();
    if (current) await current.stop();
    else this.#outbox.stop();
    this.#changed();
  }

  /** Something that happened in the session. */
  take(response: WatchSessionResponse, fresh: boolean): void {
    if (this.#outbox.isUnderWay) {
      this.#held.push({ response, fresh });
      return;
    }

    const { update } = response;
    if (update.case === "message") {
      this.#history.take(update.value);
      // An answer of a branch that is not shown may run, too.
      if (isAnswer(update.value)) this.#views.answer(update.value.messageId).update(update.value);
      this.#render();
    } else if (update.case === "turnEvent") {
      const { messageId, event } = update.value;
      if (event) this.#views.answer(messageId).observe(event);
    } else if (update.case === "session") {
      void this.#history.follow(update.value.headMessageId, fresh);
      this.#render();
    }
  }

  #edit(message: Message, text: string): void {
    const parts = picturesOf(message);
    this.#send({ message: text, parts, editMessageId: message.messageId }, message.parentMessageId);
  }

  #regenerate({ messageId, parentMessageId }: Message): void {
    this.#send({ regenerateMessageId: messageId }, parentMessageId);
  }

  #continue(answer: Answer): void {
    if (this.isAnswering) return;
    const question = this.#history.tree.get(this.#views.idOf(answer))?.parentMessageId ?? "";
    // The model is that of the turn which it goes on with.
    this.#send({ continueFrom: answer.streamId, model: "" }, question, answer.view.author);
  }

  #send(content: Partial<Request>, after: string, author: string = this.#listener.selectedModel()): void {
    const answer = new Answer(this.#views.listener);
    if (this.isAnswering) answer.view.queue(author, () => this.#outbox.stop());
    else answer.view.await(author);
    const names = this.#listener.selectedTools();
    const request = {
      sessionId: this.sessionId, model: author, clientRequestId: newId(), ...content,
      ...(names && { tools: { names } }),
    };
    this.#outbox.send(request, answer, after);
    this.#changed();
    this.#thread.toEnd();
  }

  async #turnTo(messageId: string): Promise<void> {
    const turnedTo = await this.#branching.turnTo(messageId);
    this.#render();
    if (turnedTo === messageId) await this.#history.reach(messageId, true);
  }

  async #fork({ messageId }: Message): Promise<void> {
    const session = await this.#branching.fork(messageId);
    if (session) this.#listener.forked(session);
  }

  /** The service has it: from now on it is one of the session's messages. */
  #adopt(sent: Sent, { first, session }: Arrival): void {
    this.#history.begin(session.messageId);
    if (this.#views.adopt(sent, session)) sent.answer.observe(first);
    if (!isRunning(session.state)) void this.load();
    this.#listener.began(this);
  }

  #release(): void {
    for (const { response, fresh } of this.#held.splice(0)) this.take(response, fresh);
    this.#render();
  }

  async #reload(answer: Answer): Promise<void> {
    await this.load();
    const messageId = this.#views.idOf(answer);
    const message = this.#history.tree.get(messageId);
    if (!message || isRunning(message.state)) return;
    this.#views.forget(messageId);
    this.#render();
  }

  #render(): void {
    this.#thread.render(this.#outbox);
    this.#changed();
  }

  #changed(): void {
    const before = this.#running;
    this.#running = this.#views.running.length;
    const last = this.#history.tree.branch.at(-1)?.messageId;
    for (const [messageId, answer] of this.#views.answers) {
      answer.view.canContinue = messageId === last && !this.isAnswering;
    }
    if (this.#running !== before) this.#thread.offer();
    this.#listener.changed(this);
    if (this.#running < before) this.#listener.ended(this);
  }

  /** The answer that Stop ends. */
  #current(): Answer | undefined {
    const running = this.#views.running;
    return running.find(({ state }) => state !== StreamState.QUEUED) ?? running[0];
  }

  #questionOf(answer: Answer): string {
    const question = this.#history.tree.get(this.#history.tree.get(this.#views.idOf(answer))?.parentMessageId ?? "");
    return question ? textOf(question) : "";
  }
}
