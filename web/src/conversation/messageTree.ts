import { type Message, MessageRole } from "../gen/chat/v1/sessions_pb";
import { isRunning } from "../service/states";

/** The messages of a session that the page knows of, and the branch of them that is shown. */
export class MessageTree {
  readonly #messages = new Map<string, Message>();
  /** The messages that follow the same one, in the order in which they were made, by the id of that one. */
  readonly #siblings = new Map<string, string[]>();
  /** These came in pages, so what is before them can be had as the next page. */
  readonly #read = new Set<string>();
  #head = "";
  /** The newest head whose branch could be shown. */
  #shown = "";

  get(messageId: string): Message | undefined {
    return this.#messages.get(messageId);
  }

  get running(): Message[] {
    return Array.from(this.#messages.values()).filter(({ state }) => isRunning(state));
  }

  /** The message with which the branch ends that is to be shown; it need not be known yet. */
  get head(): string {
    return this.#head;
  }

  set head(messageId: string) {
    this.#head = messageId;
    this.#settle();
  }

  /** The branch that is to be shown is known, from its end or from a page on. */
  get isWhole(): boolean {
    return this.#head === this.#shown;
  }

  /** From the oldest that is known. Until the head's branch is known, the one before it is shown. */
  get branch(): Message[] {
    return this.#branchOf(this.#shown);
  }

  /** All that follow the same message as this one, itself among them. */
  siblingsOf({ parentMessageId, messageId }: Message): readonly string[] {
    return this.#siblings.get(parentMessageId) ?? [messageId];
  }

  /** A message that is new, or another than before. */
  put(message: Message): void {
    this.#add(message);
    this.#settle();
  }

  /** A page of a branch. */
  merge(page: readonly Message[]): void {
    for (const message of page) {
      this.#read.add(message.messageId);
      this.#add(message);
    }
    this.#settle();
  }

  #add(message: Message): void {
    const known = this.#messages.get(message.messageId);
    this.#join(message);
    // What has ended stays so: an older page may still say that it runs.
    if (known && !isRunning(known.state) && isRunning(message.state)) return;
    this.#messages.set(message.messageId, message);
  }

  // A message is not told again when another comes to stand beside it: whoever is told later knows more.
  #join(message: Message): void {
    const known = this.#siblings.get(message.parentMessageId) ?? [];
    const told = message.siblingMessageIds.length > 0 ? message.siblingMessageIds : [message.messageId];
    const [more, less] = known.length > told.length ? [known, told] : [told, known];
    this.#siblings.set(message.parentMessageId, [...more, ...less.filter((id) => !more.includes(id))]);
  }

  #settle(): void {
    const branch = this.#branchOf(this.#head);
    if (branch[0]?.parentMessageId === "" || branch.some(({ messageId }) => this.#read.has(messageId))) {
      this.#shown = this.#head;
    }
  }

  #branchOf(head: string): Message[] {
    const branch: Message[] = [];
    let next = this.#messages.get(head);
    while (next && branch.length < this.#messages.size) {
      branch.push(next);
      next = this.#messages.get(next.parentMessageId);
    }
    return branch.reverse();
  }
}

export function isAnswer(message: Message): boolean {
  return message.role === MessageRole.ASSISTANT;
}
