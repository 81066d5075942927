import { Code, ConnectError } from "@connectrpc/connect";
import type { Message } from "../gen/chat/v1/sessions_pb";
import { failureOf } from "../service/failures";
import { MessageTree } from "./messageTree";
import { SavedMessages } from "./savedMessages";

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
  #saved: SavedMessages | undefined;
  /** The messages that were told since the watching began. */
  readonly #told = new Set<string>();
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
    return this.isLoaded && !this.#saved;
  }

  /** Messages before the oldest one that is known. */
  get hasEarlier(): boolean {
    return (this.#saved?.more ?? false) && this.tree.branch[0]?.parentMessageId !== "";
  }

  /** Reads the newest messages, again if they were read before. */
  async load(): Promise<void> {
    await (this.#loaded = this.#loadNewest(++this.#load));
  }

  async loadEarlier(): Promise<void> {
    const saved = this.#saved;
    if (!saved) return;
    const page = await this.#read(saved);
    if (!page || saved !== this.#saved) return;
    this.tree.mergeOlder(page);
    this.#listener.read(page);
  }

  take(message: Message): void {
    this.#told.add(message.messageId);
    this.tree.put(message);
  }

  /** What happened before the watching began may have been missed by a load that began before. */
  async catchUp(headMessageId: string): Promise<void> {
    this.#told.clear();
    await new Promise((resolve) => setTimeout(resolve, TOLD_WITHIN_MS));
    await this.#loaded;
    const isStale = this.tree.running.some(({ messageId }) => !this.#told.has(messageId));
    if (this.isMissing || isStale || !this.tree.get(headMessageId)) await this.load();
  }

  async #loadNewest(load: number): Promise<void> {
    this.#listener.busy(true);
    const saved = new SavedMessages(this.#sessionId);
    const page = await this.#read(saved);
    if (load !== this.#load) return;
    this.#listener.busy(false);
    if (page) {
      const joined = this.tree.merge(page);
      this.#saved = joined && this.#saved ? this.#saved : saved;
    }
    this.#listener.read(page ?? []);
  }

  async #read(saved: SavedMessages): Promise<Message[] | undefined> {
    try {
      return await saved.earlier();
    } catch (error) {
      const { what, advice } = failureOf(error);
      const isGone = ConnectError.from(error).code === Code.NotFound;
      this.#listener.failed(
        isGone ? "This chat does not exist any more." : `The messages cannot be loaded: ${what} ${advice}`);
      return undefined;
    }
  }
}
