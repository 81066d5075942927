import { type Message, MessageRole } from "../gen/chat/v1/sessions_pb";
import { isRunning } from "../service/states";

/** The messages of a session that the page knows of, in the order in which they were made, those of all branches. */
export class MessageTree {
  #messages = new Map<string, Message>();

  get(messageId: string): Message | undefined {
    return this.#messages.get(messageId);
  }

  get running(): Message[] {
    return Array.from(this.#messages.values()).filter(({ state }) => isRunning(state));
  }

  /** From the oldest that is known to the newest message of the session, which each other message leads to. */
  get branch(): Message[] {
    const branch: Message[] = [];
    let next = Array.from(this.#messages.values()).at(-1);
    while (next && branch.length < this.#messages.size) {
      branch.push(next);
      next = this.#messages.get(next.parentMessageId);
    }
    return branch.reverse();
  }

  /** A message that is new, and then the newest one, or another than before. */
  put(message: Message): void {
    const known = this.#messages.get(message.messageId);
    // What has ended stays so: an older page may still say that it runs.
    if (known && !isRunning(known.state) && isRunning(message.state)) return;
    this.#messages.set(message.messageId, message);
  }

  /** A page of the session's messages, oldest first; true: it leaves no gap to what was known before. */
  merge(page: readonly Message[]): boolean {
    const known = Array.from(this.#messages.values());
    const inPage = new Set(page.map(({ messageId }) => messageId));
    const joint = known.findIndex(({ messageId }) => inPage.has(messageId));
    // What the page does not have is older than all of it or was made since: the first word of it tells.
    const before = joint < 0 ? [] : known.slice(0, joint);
    const newest = page.at(-1)?.messageId ?? "";
    const after = joint < 0
      // Ids begin with the time, which is near enough to tell what was made just now from what was made long ago.
      ? known.filter(({ messageId }) => messageId > newest)
      : known.slice(joint).filter(({ messageId }) => !inPage.has(messageId));
    this.#messages = new Map([...before, ...page, ...after].map((message) => [message.messageId, message]));
    for (const message of known) this.put(message);
    return joint >= 0;
  }

  /** A page that is older than all that is known. */
  mergeOlder(page: readonly Message[]): void {
    this.#messages = new Map([...page, ...this.#messages.values()].map((message) => [message.messageId, message]));
  }
}

export function isAnswer(message: Message): boolean {
  return message.role === MessageRole.ASSISTANT;
}
