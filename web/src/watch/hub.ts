import { type Client, Code, ConnectError } from "@connectrpc/connect";
import type { SessionService, WatchSessionResponse } from "../gen/chat/v1/sessions_pb";
import { Backoff } from "../service/backoff";
import type { FromHub, Tab } from "./messages";
import { WatchedSession } from "./watchedSession";

// The service follows so many sessions by one call.
const MAX_SESSIONS = 32;

// Sessions that change within this time make one new call, not several.
const SETTLE_MS = 25;

// The service says something every 15 s. After so long without a word the connection is taken to be dead, and sooner if
// someone looks.
const SILENCE_MS = 40_000;
const SILENCE_SEEN_MS = 20_000;

// These say that a cursor is of no use, whatever is wrong with it.
const cursorFlaws = new Set([Code.InvalidArgument, Code.OutOfRange, Code.FailedPrecondition, Code.NotFound]);

/**
 * Follows the sessions of all tabs by one call: a browser has six connections to a service of HTTP/1.1. A call that
 * breaks is made again by itself, and goes on where it was.
 */
export class Hub {
  readonly #client: Client<typeof SessionService>;
  readonly #key: string | null;
  readonly #tabs = new Map<Tab, readonly string[]>();
  /** The most recently shown last. */
  readonly #watched = new Map<string, WatchedSession>();
  readonly #backoff = new Backoff();
  #call: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #heardAt = 0;
  #up = true;
  /** The service does not take the key; until a tab asks once more, there is no use in trying. */
  #refused = false;

  constructor(client: Client<typeof SessionService>, key: string | null) {
    this.#client = client;
    this.#key = key;
  }

  /** All sessions that the tab follows from now on, the one that is shown first. */
  watch(tab: Tab, sessionIds: readonly string[]): void {
    const before = this.#tabs.get(tab);
    this.#tabs.set(tab, sessionIds);
    if (!this.#up) tab.postMessage({ kind: "link", up: false });
    let isNew = this.#refused;
    this.#refused = false;
    for (const sessionId of [...sessionIds].reverse()) {
      const known = this.#watched.get(sessionId);
      const watched = known ?? new WatchedSession(sessionId);
      isNew ||= !known;
      this.#watched.delete(sessionId);
      this.#watched.set(sessionId, watched);
      if (before?.includes(sessionId)) continue;
      for (const response of watched.soFar) tab.postMessage({ kind: "update", response, fresh: false });
    }
    if (this.#drop() || isNew) this.#openIn(SETTLE_MS);
  }

  /** The tab is gone. */
  leave(tab: Tab): void {
    this.#tabs.delete(tab);
    if (this.#drop()) this.#openIn(SETTLE_MS);
  }

  wake(newNetwork: boolean): void {
    // What is sent into a network that is gone gets no answer, and nothing says so.
    if (newNetwork || !this.#call || Date.now() - this.#heardAt > SILENCE_SEEN_MS) this.#openIn(0);
  }

  /** Follows no session any more that no tab follows, and no more than the service takes. */
  #drop(): boolean {
    const before = this.#watched.size;
    const wanted = new Set(Array.from(this.#tabs.values()).flat());
    for (const sessionId of this.#watched.keys()) {
      if (!wanted.has(sessionId) || this.#watched.size > MAX_SESSIONS) this.#watched.delete(sessionId);
    }
    return this.#watched.size !== before;
  }

  #openIn(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#open(), milliseconds);
  }

  async #open(): Promise<void> {
    this.#close();
    const asked = Array.from(this.#watched.values(), ({ sessionId, cursor }) => ({ sessionId, cursor })).reverse();
    const [first, ...also] = asked;
    if (!first || this.#refused) return;
    const call = new AbortController();
    this.#call = call;
    this.#listen();
    for (const watched of this.#watched.values()) watched.fresh = watched.cursor === "";
    let failure: unknown;
    try {
      const options = { signal: call.signal, onHeader: () => this.#heard(call) };
      for await (const response of this.#client.watchSession({ ...first, also }, options)) {
        if (this.#call !== call) return;
        this.#heard(call);
        this.#take(response);
      }
    } catch (error) {
      failure = error;
    }
    if (this.#call === call) this.#broke(failure);
  }

  #close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
    this.#call?.abort();
    this.#call = undefined;
  }

  #listen(): void {
    this.#heardAt = Date.now();
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#broke(undefined), SILENCE_MS);
  }

  #heard(call: AbortController): void {
    if (this.#call !== call) return;
    this.#listen();
    this.#backoff.reset();
    this.#tellLink(true);
  }

  #broke(failure: unknown): void {
    this.#close();
    this.#tellLink(false);
    const code = failure === undefined ? undefined : ConnectError.from(failure).code;
    if (code === Code.Unauthenticated) {
      this.#refused = true;
      this.#tell({ kind: "refused", key: this.#key });
      return;
    }

    if (code !== undefined && cursorFlaws.has(code)) {
      for (const watched of this.#watched.values()) watched.forget();
    }
    this.#openIn(this.#backoff.next());
  }

  #take(response: WatchSessionResponse): void {
    const watched = this.#watched.get(response.sessionId);
    if (!watched) return;
    const fresh = watched.fresh;
    watched.fresh = false;
    watched.take(response);
    // Titles, and which chats there are, are on every tab.
    const isForAll = response.update.case === "session" || response.update.case === "deleted";
    for (const [tab, sessionIds] of this.#tabs) {
      if (isForAll || sessionIds.includes(response.sessionId)) tab.postMessage({ kind: "update", response, fresh });
    }
  }

  #tellLink(up: boolean): void {
    if (this.#up === up) return;
    this.#up = up;
    this.#tell({ kind: "link", up });
  }

  #tell(message: FromHub): void {
    for (const tab of this.#tabs.keys()) tab.postMessage(message);
  }
}
