import type { Session } from "../gen/chat/v1/sessions_pb";
import { failureOf } from "../service/failures";
import { authenticated, sessions } from "../service/service";
import type { History } from "./history";

/** Turns a session to its other branches, one call after the other: of several wishes the last one counts. */
export class Branching {
  readonly #sessionId: string;
  readonly #history: History;
  readonly #failed: (text: string) => void;
  #wanted = "";
  #turning: Promise<string> | undefined;

  constructor(sessionId: string, history: History, failed: (text: string) => void) {
    this.#sessionId = sessionId;
    this.#history = history;
    this.#failed = failed;
  }

  /** Shows the branch that goes through the message; ends when the last wish is met, with that one's message. */
  turnTo(messageId: string): Promise<string> {
    this.#wanted = messageId;
    return this.#turning ??= this.#turn().finally(() => (this.#turning = undefined));
  }

  /** A new session with this message and all before it. */
  async fork(messageId: string): Promise<Session | undefined> {
    const sessionId = this.#sessionId;
    try {
      return (await authenticated(() => sessions.forkSession({ sessionId, messageId }))).session;
    } catch (error) {
      this.#failed(`The new chat could not be made: ${failureOf(error).what}`);
      return undefined;
    }
  }

  async #turn(): Promise<string> {
    const sessionId = this.#sessionId;
    let messageId = "";
    try {
      while (this.#wanted) {
        messageId = this.#wanted;
        this.#wanted = "";
        await this.#history.turnTo(async () => {
          const { session } = await authenticated(() => sessions.selectBranch({ sessionId, messageId }));
          return session?.headMessageId ?? messageId;
        });
      }
      return messageId;
    } catch (error) {
      this.#wanted = "";
      this.#failed(`The other version cannot be shown: ${failureOf(error).what}`);
      return "";
    }
  }
}
