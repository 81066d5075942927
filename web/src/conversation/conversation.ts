import { make } from "../dom";
import { type Document, StreamState } from "../gen/chat/v1/events_pb";
import type { Message, WatchSessionResponse } from "../gen/chat/v1/sessions_pb";
import { isRunning } from "../service/states";
import { Answer, type AnswerListener } from "./answer";
import { History } from "./history";
import { newId } from "./ids";
import { isAnswer } from "./messageTree";
import { Outbox, type Sent } from "./outbox";
import type { Arrival, Request } from "./outgoing";
import { savedQuestion, textOf } from "./questionView";

export interface ConversationListener {
  /** The service has a message that this page sent. */
  began(conversation: Conversation): void;
  /** An answer has ended, however it did. */
  ended(conversation: Conversation): void;
  /** A turn began or ended, or a text became longer. */
  changed(conversation: Conversation): void;
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
  readonly element = make("div", { className: "messages", role: "log", "aria-label": "Conversation" });
  readonly #listener: ConversationListener;
  readonly #answerListener: AnswerListener;
  readonly #earlier = make("button", {
    type: "button", className: "button earlier", hidden: true, onclick: () => void this.#loadEarlier(),
  }, "Earlier messages");
  readonly #history: History;
  readonly #answers = new Map<string, Answer>();
  readonly #questions = new Map<string, HTMLElement>();
  readonly #outbox: Outbox;
  /** What came while it is not known yet which of it belongs to the message that is being sent. */
  #held: { response: WatchSessionResponse; fresh: boolean }[] = [];
  #running = 0;

  /** Without an id it is a new one. */
  constructor(sessionId: string, listener: ConversationListener) {
    this.sessionId = sessionId || newId();
    this.#listener = listener;
    this.#answerListener = {
      changed: () => this.#changed(),
      document: (document, isWanted) => listener.document(this, document, isWanted),
      goOn: (answer) => this.#continue(answer),
      reload: (answer) => void this.#reload(answer),
      sendAgain: (answer) => this.send(this.#questionOf(answer)),
    };
    this.#history = new History(this.sessionId, {
      read: (page) => {
        for (const message of page) this.#answers.get(message.messageId)?.update(message);
        this.#render();
      },
      busy: (is) => this.element.setAttribute("aria-busy", String(is)),
      failed: (text) => listener.failed(text),
    });
    this.#outbox = new Outbox({
      changed: () => this.#render(),
      arrived: (sent, arrival) => this.#adopt(sent, arrival),
      settled: () => this.#release(),
    });
    this.element.append(this.#earlier);
  }

  get isEmpty(): boolean {
    return !this.#history.isLoaded && this.element.children.length === 1;
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
    return this.#history.tree.branch.flatMap(({ messageId }) => this.#answers.get(messageId)?.documents ?? []);
  }

  /** Shows what the service has saved, once it is there. */
  load(): Promise<void> {
    return this.#history.load();
  }

  send(text: string): void {
    const model = this.#listener.selectedModel();
    const request = { message: text, sessionId: this.sessionId, model, clientRequestId: newId() };
    this.#send({ ...request, ...this.#tools() }, model);
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
      this.#answers.get(update.value.messageId)?.update(update.value);
      this.#render();
    } else if (update.case === "turnEvent") {
      const { messageId, event } = update.value;
      if (event) this.#answer(messageId).observe(event);
    } else if (update.case === "session" && (fresh || this.#history.isMissing)) {
      void this.#history.catchUp(update.value.headMessageId);
    }
  }

  #send(request: Request, author: string): void {
    const answer = new Answer(this.#answerListener);
    if (this.isAnswering) answer.view.queue(author, () => this.#outbox.stop());
    else answer.view.await(author);
    this.#outbox.send(request, answer, this.#history.tree.branch.at(-1)?.messageId ?? "");
    this.#changed();
  }

  #continue(answer: Answer): void {
    if (this.isAnswering) return;
    // The model is that of the turn which it goes on with.
    this.#send({
      sessionId: this.sessionId, model: "", clientRequestId: newId(), continueFrom: answer.streamId,
      ...this.#tools(),
    }, answer.view.author);
  }

  #tools(): Pick<Request, "tools"> {
    const names = this.#listener.selectedTools();
    return names ? { tools: { names } } : {};
  }

  /** The service has it: from now on it is one of the session's messages. */
  #adopt({ answer, question }: Sent, { first, session }: Arrival): void {
    // By a connection that broke the hub may have told of it before.
    if (!this.#answers.has(session.messageId)) {
      this.#answers.set(session.messageId, answer);
      answer.observe(first);
      if (question) this.#questions.set(session.userMessageId, question);
    }
    if (!isRunning(session.state)) void this.load();
    this.#listener.began(this);
  }

  #release(): void {
    for (const { response, fresh } of this.#held.splice(0)) this.take(response, fresh);
    this.#render();
  }

  async #loadEarlier(): Promise<void> {
    this.#earlier.disabled = true;
    await this.#history.loadEarlier();
    this.#earlier.disabled = false;
  }

  async #reload(answer: Answer): Promise<void> {
    await this.load();
    const messageId = this.#idOf(answer);
    const message = this.#history.tree.get(messageId);
    if (!message || isRunning(message.state)) return;
    this.#answers.delete(messageId);
    this.#render();
  }

  #answer(messageId: string): Answer {
    let answer = this.#answers.get(messageId);
    if (!answer) {
      answer = new Answer(this.#answerListener);
      this.#answers.set(messageId, answer);
    }
    return answer;
  }

  #elementOf(message: Message): HTMLElement {
    if (isAnswer(message)) {
      const known = this.#answers.has(message.messageId);
      const answer = this.#answer(message.messageId);
      if (!known) answer.update(message);
      return answer.view.element;
    }

    const question = this.#questions.get(message.messageId) ?? savedQuestion(message);
    this.#questions.set(message.messageId, question);
    return question;
  }

  #render(): void {
    const branch = this.#history.tree.branch;
    this.#outbox.forget((messageId) => this.#history.tree.get(messageId) !== undefined);
    // An answer whose question is still being loaded waits for it.
    const shown = branch[0]?.parentMessageId && this.#history.isMissing ? [] : branch;
    const elements = shown.flatMap((message) => {
      const isReplaced = isAnswer(message) && this.#outbox.continues(message.streamId);
      return [...(isReplaced ? [] : [this.#elementOf(message)]), ...this.#outbox.elementsAfter(message.messageId)];
    });
    const wanted = [this.#earlier, ...this.#outbox.elementsAfter(""), ...elements, ...this.#outbox.elements];
    for (const child of Array.from(this.element.children)) {
      if (!wanted.includes(child as HTMLElement)) child.remove();
    }
    wanted.forEach((element, i) => {
      if (this.element.children[i] !== element) this.element.insertBefore(element, this.element.children[i] ?? null);
    });
    this.#earlier.hidden = !this.#history.hasEarlier;
    this.#changed();
  }

  #changed(): void {
    const before = this.#running;
    this.#running = Array.from(this.#answers.values()).filter((answer) => answer.isRunning).length;
    const last = this.#history.tree.branch.at(-1)?.messageId;
    for (const [messageId, answer] of this.#answers) answer.view.canContinue = messageId === last && !this.isAnswering;
    this.#listener.changed(this);
    if (this.#running < before) this.#listener.ended(this);
  }

  /** The answer that Stop ends. */
  #current(): Answer | undefined {
    const running = Array.from(this.#answers.values()).filter((answer) => answer.isRunning);
    return running.find(({ state }) => state !== StreamState.QUEUED) ?? running[0];
  }

  #idOf(answer: Answer): string {
    return Array.from(this.#answers).find(([, one]) => one === answer)?.[0] ?? "";
  }

  #questionOf(answer: Answer): string {
    const question = this.#history.tree.get(this.#history.tree.get(this.#idOf(answer))?.parentMessageId ?? "");
    return question ? textOf(question) : "";
  }
}
