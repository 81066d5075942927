import { Code, ConnectError } from "@connectrpc/connect";
import type { Message } from "../gen/chat/v1/sessions_pb";
import { failureOf } from "../service/failures";
import { MessageTree } from "./messageTree";
import { LARGE_PAGE, readBranch, readHead } from "./savedMessages";

// What runs in a session is told right after the session.
const TOLD_WITHIN_MS = 250;

interface Listener {
  /** These were read; the tree has them. */
  read(page: readonly Message[]): void;
  /** Whether the newest messages are being read. */
  busy(is: boolean): void;
  failed(text: string): void;
}

/** What the page knows of a session's messages: pages that it has read, and what has happened since. */
export class History {
  readonly tree = new MessageTree();
  readonly #sessionId: string;
  readonly #listener: Listener;
  #isRead = false;
  /** The messages that were told since the watching began. */
  readonly #told = new Set<string>();
  /** Counts the words about the head: what was asked for before the newest of them is older than it. */
  #heads = 0;
  /** The number of the newest load: what an older one brings is not shown. */
  #load = 0;
  /** Resolves when the newest load has ended. */
  #loaded: Promise<void> | undefined;

  constructor(sessionId: string, listener: Listener) {
    this.#sessionId = sessionId;
    this.#listener = listener;
  }

  /** There was something to read. */
  get isLoaded(): boolean {
    return this.#loaded !== undefined;
  }

  /** The first reading is still under way, or failed. */
  get isMissing(): boolean {
    return this.isLoaded && !this.#isRead;
  }

  /** Messages before the oldest one that is shown. */
  get hasEarlier(): boolean {
    return this.#before !== "";
  }

  /** Reads the newest messages of the session's branch, again if they were read before. */
  async load(): Promise<void> {
    await (this.#loaded = this.#loadNewest(++this.#load));
  }

  /** False: there were none, or they cannot be had. */
  async loadEarlier(pageSize?: number): Promise<boolean> {
    const before = this.#before;
    if (before === "") return false;
    const page = await this.#read(() => readBranch(this.#sessionId, before, pageSize));
    if (!page) return false;
    this.tree.merge(page);
    this.#listener.read(page);
    return this.#before !== before;
  }

  /** Reads back until the message is there; false: the branch does not seem to have it. */
  async reach(messageId: string, isCertain: boolean): Promise<boolean> {
    await this.#loaded;
    const has = () => this.tree.branch.some((message) => message.messageId === messageId);
    // Ids begin with the time: a branch that has been read back further than that need not be read to its beginning.
    const mayHave = () => isCertain || messageId < (this.tree.branch[0]?.messageId ?? "");
    while (!has() && mayHave() && (await this.loadEarlier(LARGE_PAGE)));
    return has();
  }

  take(message: Message): void {
    this.#told.add(message.messageId);
    this.tree.put(message);
  }

  /** A message of this page is the newest one now. */
  begin(messageId: string): void {
    this.#heads++;
    this.tree.head = messageId;
  }

  /** The session's head, as it is told. Fresh: of what happened before only what runs is told. */
  async follow(headMessageId: string, fresh: boolean): Promise<void> {
    this.begin(headMessageId);
    if (fresh || this.isMissing) await this.#catchUp();
    else if (!this.tree.isWhole) await this.load();
  }

  /** Asks for the head, or for another one, which counts unless a newer one is told meanwhile. */
  async turnTo(ask: () => Promise<string>): Promise<void> {
    const heads = this.#heads;
    const head = await ask();
    if (heads === this.#heads) this.tree.head = head;
    if (!this.tree.isWhole) await this.load();
  }

  // What happened before the watching began may have been missed by a load that began before.
  async #catchUp(): Promise<void> {
    this.#told.clear();
    await new Promise((resolve) => setTimeout(resolve, TOLD_WITHIN_MS));
    await this.#loaded;
    if (this.isMissing || this.#stale.length > 0 || !this.tree.isWhole) await this.load();
    for (const { messageId } of this.#stale) {
      // On another branch. It has ended, and nobody said so.
      const page = await this.#read(() => readBranch(this.#sessionId, messageId, 1));
      if (page) this.tree.merge(page);
      this.#listener.read(page ?? []);
    }
  }

  get #stale(): Message[] {
    return this.tree.running.filter(({ messageId }) => !this.#told.has(messageId));
  }

  get #before(): string {
    return this.#isRead ? this.tree.branch[0]?.parentMessageId ?? "" : "";
  }

  async #loadNewest(load: number): Promise<void> {
    this.#listener.busy(true);
    const heads = this.#heads;
    const page = await this.#read(async () => {
      const head = await readHead(this.#sessionId);
      if (heads === this.#heads && load === this.#load) this.tree.head = head;
      return readBranch(this.#sessionId, this.tree.head);
    });
    if (load !== this.#load) return;
    this.#listener.busy(false);
    if (page) this.tree.merge(page);
    this.#isRead ||= page !== undefined;
    this.#listener.read(page ?? []);
  }

  async #read(ask: () => Promise<Message[]>): Promise<Message[] | undefined> {
    try {
      return await ask();
    } catch (error) {
      const { what, advice } = failureOf(error);
      const isGone = ConnectError.from(error).code === Code.NotFound;
      this.#listener.failed(
        isGone ? "This chat does not exist any more." : `The messages cannot be loaded: ${what} ${advice}`);
      return undefined;
    }
  }
}
