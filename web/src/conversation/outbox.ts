import type { Answer } from "./answer";
import { TextPart } from "./answerParts";
import { type Arrival, isBeside, Outgoing, type Request } from "./outgoing";
import { QuestionView } from "./questionView";

/** A message that this page sends, as it is shown until the service's own word about it has come. */
export interface Sent {
  readonly request: Request;
  readonly question: QuestionView | undefined;
  readonly answer: Answer;
  /** The message that it follows, as far as this page knows. */
  readonly after: string;
  outgoing: Outgoing;
  state: "sending" | "refused" | "arrived";
  /** The answer's, once the service has it. */
  messageId: string;
}

interface Listener {
  changed(): void;
  arrived(sent: Sent, arrival: Arrival): void;
  /** What the service tells now can be told apart from what is still on its way. */
  settled(): void;
}

/** The messages that are on their way, or that the service did not take. One goes after the other. */
export class Outbox {
  readonly #listener: Listener;
  #sent: Sent[] = [];
  #last: Promise<void> = Promise.resolve();
  #underWay = false;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get isSending(): boolean {
    return this.#first() !== undefined;
  }

  get isStopping(): boolean {
    return this.#first()?.outgoing.isStopping ?? false;
  }

  /** The service may have the newest message, and has not told its ids yet. */
  get isUnderWay(): boolean {
    return this.#underWay;
  }

  /** What is shown below all other messages. */
  get elements(): HTMLElement[] {
    return this.#sent.filter(({ state }) => state !== "refused").flatMap(elementsOf);
  }

  /** What was not taken stays where it was written. */
  elementsAfter(messageId: string): HTMLElement[] {
    return this.#sent.filter(({ state, after }) => state === "refused" && after === messageId).flatMap(elementsOf);
  }

  /** The message after which another branch begins with what is sent; undefined: it follows the newest one. */
  get fork(): string | undefined {
    return this.#sent.find(({ request, state }) => state !== "refused" && isBeside(request))?.after;
  }

  send(request: Request, answer: Answer, after: string): void {
    const question = request.message === undefined ? undefined : new QuestionView(request.message, request.parts);
    const sent: Sent = {
      request, question, answer, after, state: "sending", messageId: "", outgoing: this.#outgoing(request, answer),
    };
    // What is sent again goes to the place of what is sent now.
    this.#sent = [...this.#sent.filter((old) => old.request !== request), sent];
    const before = this.#last;
    this.#last = (async () => {
      await before;
      await this.#deliver(sent);
    })();
    this.#listener.changed();
  }

  stop(): void {
    this.#first()?.outgoing.stop();
  }

  /** What the service has told of is no longer shown from here. */
  forget(isTold: (messageId: string) => boolean): void {
    this.#sent = this.#sent.filter(({ messageId }) => messageId === "" || !isTold(messageId));
  }

  #first(): Sent | undefined {
    return this.#sent.find(({ state }) => state === "sending");
  }

  #outgoing(request: Request, answer: Answer): Outgoing {
    return new Outgoing(request, answer.view, {
      pauses: () => this.#settle(),
      sendAgain: () => {
        const sent = this.#sent.find((one) => one.request === request);
        if (!sent || sent.state === "sending") return;
        answer.view.clearNotes();
        answer.view.await("");
        this.send(request, answer, sent.after);
      },
    });
  }

  async #deliver(sent: Sent): Promise<void> {
    this.#underWay = true;
    const arrival = await sent.outgoing.send();
    if (arrival) {
      sent.state = "arrived";
      sent.messageId = arrival.session.messageId;
      this.#listener.arrived(sent, arrival);
      if (sent.outgoing.isStopping) void sent.answer.stop();
    } else {
      sent.state = "refused";
      sent.answer.view.finish([], new TextPart());
    }
    this.#settle();
  }

  #settle(): void {
    this.#underWay = false;
    this.#listener.settled();
  }
}

function elementsOf({ question, answer }: Sent): HTMLElement[] {
  return [...(question ? [question.element] : []), answer.view.element];
}
