import type { Message } from "../gen/chat/v1/sessions_pb";
import { authenticated, sessions } from "../service/service";

const PAGE_SIZE = 50;

/** The messages of a session, those of all branches, read from the end in pages. */
export class SavedMessages {
  readonly #sessionId: string;
  #pageToken = "";
  #more = true;

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  get more(): boolean {
    return this.#more;
  }

  /** The page before, the oldest message first. */
  async earlier(): Promise<Message[]> {
    const page = await authenticated(() => sessions.listMessages({
      sessionId: this.#sessionId, pageSize: PAGE_SIZE, pageToken: this.#pageToken, newestFirst: true,
    }));
    this.#pageToken = page.nextPageToken;
    this.#more = this.#pageToken !== "";
    return page.messages.reverse();
  }
}
