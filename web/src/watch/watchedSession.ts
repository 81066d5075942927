import { type Message, type WatchSessionResponse } from "../gen/chat/v1/sessions_pb";
import { isRunning } from "../service/states";

/** A session that is followed: where to go on, and what runs in it, for tabs that come later. */
export class WatchedSession {
  readonly sessionId: string;
  cursor = "";
  /** Nothing has been told about it since it was asked for without a cursor. */
  fresh = true;
  #session: WatchSessionResponse | undefined;
  #running: WatchSessionResponse[] = [];

  constructor(sessionId: string) {
    this.sessionId = sessionId;
  }

  /** What a tab has to be told that follows the session from now on. */
  get soFar(): WatchSessionResponse[] {
    return this.#session ? [this.#session, ...this.#running] : this.#running;
  }

  take(response: WatchSessionResponse): void {
    if (response.cursor) this.cursor = response.cursor;
    const { update } = response;
    if (update.case === "session") {
      this.#session = response;
    } else if (update.case === "message") {
      this.#takeMessage(response, update.value);
    } else if (update.case === "turnEvent") {
      this.#running.push(response);
    } else if (update.case === "deleted") {
      this.#session = undefined;
      this.#running = [];
    }
  }

  /** The cursor is of no use: begins anew. */
  forget(): void {
    this.cursor = "";
    this.#session = undefined;
    this.#running = [];
  }

  #takeMessage(response: WatchSessionResponse, { messageId, state }: Message): void {
    const known = this.#running.findIndex(({ update }) => update.case === "message"
      && update.value.messageId === messageId);
    if (!isRunning(state)) {
      // It is in the store now, where whoever comes later finds it.
      this.#running = this.#running.filter((kept) => messageOf(kept) !== messageId);
    } else if (known < 0) {
      this.#running.push(response);
    } else {
      this.#running[known] = response;
    }
  }
}

function messageOf({ update }: WatchSessionResponse): string {
  return update.case === "message" || update.case === "turnEvent" ? update.value.messageId : "";
}
