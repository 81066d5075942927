import type { SessionInfo } from "../gen/chat/v1/events_pb";
import type { Message } from "../gen/chat/v1/sessions_pb";
import { Answer, type AnswerListener } from "./answer";
import type { MessageBar } from "./messageBar";
import { isAnswer } from "./messageTree";
import type { Sent } from "./outbox";
import { QuestionView } from "./questionView";

interface View {
  readonly element: HTMLElement;
  readonly bar: MessageBar;
}

/** The messages of a session on the page, also those of branches that are not shown: their answers go on. */
export class MessageViews {
  readonly listener: AnswerListener;
  readonly #answers = new Map<string, Answer>();
  readonly #questions = new Map<string, QuestionView>();

  constructor(listener: AnswerListener) {
    this.listener = listener;
  }

  get answers(): ReadonlyMap<string, Answer> {
    return this.#answers;
  }

  get running(): Answer[] {
    return Array.from(this.#answers.values()).filter((answer) => answer.isRunning);
  }

  idOf(answer: Answer): string {
    return Array.from(this.#answers).find(([, one]) => one === answer)?.[0] ?? "";
  }

  answer(messageId: string): Answer {
    let answer = this.#answers.get(messageId);
    if (!answer) {
      answer = new Answer(this.listener);
      this.#answers.set(messageId, answer);
    }
    return answer;
  }

  question(message: Message): QuestionView {
    const question = this.#questions.get(message.messageId) ?? QuestionView.of(message);
    this.#questions.set(message.messageId, question);
    return question;
  }

  /** What this page sent has these ids; false: it was told of before, by a connection that broke. */
  adopt({ answer, question }: Sent, session: SessionInfo): boolean {
    if (this.#answers.has(session.messageId)) return false;
    this.#answers.set(session.messageId, answer);
    if (question) this.#questions.set(session.userMessageId, question);
    return true;
  }

  /** It is made anew when it is shown next. */
  forget(messageId: string): void {
    this.#answers.delete(messageId);
  }

  viewOf(message: Message): View {
    if (!isAnswer(message)) return this.question(message);
    const known = this.#answers.has(message.messageId);
    const answer = this.answer(message.messageId);
    if (!known) answer.update(message);
    return answer.view;
  }
}
