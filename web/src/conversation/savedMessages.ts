import { StreamState } from "../gen/chat/v1/events_pb";
import { type Message, MessageRole } from "../gen/chat/v1/sessions_pb";
import { authenticated, sessions } from "../service/service";
import { AnswerView, type Note } from "./answerView";
import { usageFigures } from "./figures";
import { type Picture, questionView } from "./questionView";

const PAGE_SIZE = 50;

const endings: Partial<Record<StreamState, Note>> = {
  [StreamState.CANCELLED]: { kind: "info", text: "Stopped.", advice: "This is what there was of the answer." },
  [StreamState.FAILED]: { kind: "error", text: "This answer failed.", advice: "What came before is kept." },
  [StreamState.INTERRUPTED]: {
    kind: "error", text: "The service stopped in the middle of this answer.", advice: "What was saved is kept.",
  },
};

/** The messages of a session that lead to its newest one, read from the end in pages. */
export class SavedMessages {
  readonly #sessionId: string;
  #pageToken = "";
  #more = true;
  /** The message that the oldest one read follows; undefined: the newest message is yet to come. */
  #next: string | undefined;

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  get more(): boolean {
    return this.#more;
  }

  /** The page before, in the order in which it is read. */
  async earlier(): Promise<Message[]> {
    const page = await authenticated(() => sessions.listMessages({
      sessionId: this.#sessionId, pageSize: PAGE_SIZE, pageToken: this.#pageToken, newestFirst: true,
    }));
    this.#pageToken = page.nextPageToken;
    const branch: Message[] = [];
    for (const message of page.messages) {
      // Messages of other branches stand between those of this one.
      if (this.#next !== undefined && message.messageId !== this.#next) continue;
      branch.push(message);
      this.#next = message.parentMessageId;
    }
    this.#more = this.#pageToken !== "" && this.#next !== "";
    return branch.reverse();
  }
}

export function isRunning(message: Message): boolean {
  return [StreamState.QUEUED, StreamState.RUNNING, StreamState.WAITING].includes(message.state);
}

export function savedView(message: Message): HTMLElement {
  const text = message.parts.map(({ content }) => (content.case === "text" ? content.value : "")).join("");
  if (message.role === MessageRole.USER) {
    const pictures = message.parts.flatMap(({ content }): Picture[] => content.case === "image" ? [content.value] : []);
    return questionView(text, pictures);
  }

  const view = new AnswerView();
  view.author = message.author;
  if (isRunning(message)) {
    view.await(message.author);
    view.note({
      kind: "info", text: "The service is writing this answer.", advice: "It will be here when it is whole.",
    });
    return view.element;
  }

  view.finish(text, message.reasoning);
  const ending = endings[message.state];
  if (ending) view.note(ending);
  view.figures(...usageFigures(message.usage));
  return view.element;
}
