import { Code, ConnectError } from "@connectrpc/connect";
import { make } from "../dom";
import { openDialog } from "../dialogs/dialog";
import type { Session } from "../gen/chat/v1/sessions_pb";
import { failureOf } from "../service/failures";
import { authenticated, sessions } from "../service/service";
import { exportSession } from "./exporting";
import { SessionRow } from "./sessionRow";

const PAGE_SIZE = 40;

interface Listener {
  deleted(sessionId: string): void;
  failed(text: string): void;
  titled(title: string): void;
}

/** The sessions at the side, the newest first; further pages come as the list is scrolled. */
export class SessionList {
  readonly #element: HTMLElement;
  readonly #listener: Listener;
  readonly #list = make("ul", { className: "session-rows" });
  readonly #more = make("button", {
    type: "button", className: "button more", hidden: true, onclick: () => void this.#loadMore(),
  }, "More chats");
  readonly #empty = make("p", { className: "quiet sessions-empty", hidden: true });
  #sessions: Session[] = [];
  #rows = new Map<string, SessionRow>();
  #pageToken = "";
  #loading = false;
  #current = "";
  /** The title of the current session where the list does not have it (yet). */
  #farTitle = "";
  #loaded = false;

  constructor(element: HTMLElement, listener: Listener) {
    this.#element = element;
    this.#listener = listener;
    element.append(this.#list, this.#more, this.#empty);
    new IntersectionObserver(([seen]) => seen?.isIntersecting && void this.#loadMore(), { root: element })
      .observe(this.#more);
  }

  set current(sessionId: string) {
    if (sessionId !== this.#current) this.#farTitle = "";
    this.#current = sessionId;
    for (const [id, row] of this.#rows) row.isCurrent = id === sessionId;
    this.#tellTitle();
    if (this.#loaded) void this.#findTitle();
  }

  /** A session as it is now. */
  update(session: Session): void {
    const isListed = this.#find(session.sessionId) !== undefined;
    const last = this.#sessions.at(-1);
    // One that is further down than the list goes stays there.
    if (!isListed && this.#pageToken !== "" && last && updated(session) < updated(last)) {
      if (session.sessionId === this.#current) this.#farTitle = session.title;
      this.#tellTitle();
      return;
    }

    this.#sessions = [session, ...this.#sessions.filter(({ sessionId }) => sessionId !== session.sessionId)]
      .sort((a, b) => updated(b) - updated(a));
    this.#show("");
  }

  /** It was deleted, here or elsewhere. */
  remove(sessionId: string): void {
    this.#sessions = this.#sessions.filter((session) => session.sessionId !== sessionId);
    this.#show("");
    this.#listener.deleted(sessionId);
  }

  /** Loads the first page again; what further pages gave stays below. */
  async refresh(): Promise<void> {
    try {
      const page = await authenticated(() => sessions.listSessions({ pageSize: PAGE_SIZE }));
      const fresh = new Set(page.sessions.map((session) => session.sessionId));
      const wasPaged = this.#sessions.length > PAGE_SIZE;
      const older = wasPaged ? this.#sessions.filter((session) => !fresh.has(session.sessionId)) : [];
      this.#sessions = [...page.sessions, ...older];
      if (!wasPaged) this.#pageToken = page.nextPageToken;
      this.#show("");
      this.#loaded = true;
      void this.#findTitle();
    } catch (error) {
      const missing = ConnectError.from(error).code === Code.Unimplemented;
      this.#show(missing ? "This service keeps no list of chats." : failureOf(error).what);
    }
  }

  async #loadMore(): Promise<void> {
    if (this.#loading || this.#pageToken === "") return;
    this.#loading = true;
    const pageToken = this.#pageToken;
    try {
      const page = await authenticated(() => sessions.listSessions({ pageSize: PAGE_SIZE, pageToken }));
      this.#pageToken = page.nextPageToken;
      const known = new Set(this.#sessions.map((session) => session.sessionId));
      this.#sessions.push(...page.sessions.filter((session) => !known.has(session.sessionId)));
      this.#show("");
    } catch (error) {
      this.#listener.failed(`Further chats cannot be loaded: ${failureOf(error).what}`);
    }
    this.#loading = false;
  }

  #show(problem: string): void {
    this.#empty.textContent = problem || "Chats will be listed here.";
    this.#empty.hidden = problem === "" && this.#sessions.length > 0;
    this.#more.hidden = this.#pageToken === "";
    const before = this.#rows;
    this.#rows = new Map();
    for (const session of this.#sessions) {
      const row = before.get(session.sessionId) ?? new SessionRow(session.sessionId, {
        rename: (title) => this.#rename(session.sessionId, title),
        edited: () => this.#arrange(),
        export: () => void this.#export(session.sessionId),
        delete: () => void this.#delete(session.sessionId),
      });
      row.show(session);
      row.isCurrent = session.sessionId === this.#current;
      this.#rows.set(session.sessionId, row);
    }
    this.#arrange();
    this.#element.setAttribute("aria-busy", "false");
    this.#tellTitle();
  }

  #arrange(): void {
    // Taking a title away from whoever edits it would end the editing, and keep half a title.
    if (this.#list.querySelector("input")) return;
    const elements = Array.from(this.#rows.values(), (row) => row.element);
    // Moving an element that has the focus would take it away.
    const same = elements.length === this.#list.children.length
      && elements.every((element, i) => this.#list.children[i] === element);
    if (!same) this.#list.replaceChildren(...elements);
  }

  async #rename(sessionId: string, title: string): Promise<void> {
    try {
      const { session } = await authenticated(() => sessions.renameSession({ sessionId, title }));
      this.#sessions = this.#sessions.map((old) => (old.sessionId === sessionId && session ? session : old));
    } catch (error) {
      this.#listener.failed(`The chat keeps its name: ${failureOf(error).what}`);
    }
    this.#show("");
  }

  async #export(sessionId: string): Promise<void> {
    try {
      await exportSession(sessionId, this.#find(sessionId)?.title ?? "");
    } catch (error) {
      this.#listener.failed(`The chat was not exported: ${failureOf(error).what}`);
    }
  }

  async #delete(sessionId: string): Promise<void> {
    const title = this.#find(sessionId)?.title ?? "";
    const agreed = await openDialog({
      title: "Delete this chat?", text: `“${title}” and its messages will be gone for good.`, confirm: "Delete",
      dangerous: true,
    });
    if (!agreed) return;
    try {
      await authenticated(() => sessions.deleteSession({ sessionId }));
    } catch (error) {
      // Who deleted it first does not matter.
      if (ConnectError.from(error).code !== Code.NotFound) {
        this.#listener.failed(`The chat was not deleted: ${failureOf(error).what}`);
        return;
      }
    }
    this.remove(sessionId);
  }

  #tellTitle(): void {
    this.#listener.titled(this.#find(this.#current)?.title ?? this.#farTitle);
  }

  #find(sessionId: string): Session | undefined {
    return this.#sessions.find((session) => session.sessionId === sessionId);
  }

  /** A session that is on no page so far is asked for by itself. */
  async #findTitle(): Promise<void> {
    const sessionId = this.#current;
    if (sessionId === "" || this.#find(sessionId)) return;
    // That it cannot be had is told where its messages are loaded.
    const found = await authenticated(() => sessions.getSession({ sessionId })).catch(() => undefined);
    if (sessionId !== this.#current) return;
    this.#farTitle = found?.session?.title ?? "";
    this.#tellTitle();
  }
}

function updated({ updateTime }: Session): number {
  return updateTime ? Number(updateTime.seconds) * 1000 + updateTime.nanos / 1e6 : 0;
}
