import { byId, make } from "../dom";
import type { SearchMessagesResponse } from "../gen/chat/v1/sessions_pb";
import { failureOf } from "../service/failures";
import { authenticated, sessions } from "../service/service";
import { hitRow } from "./hitRow";

const PAGE_SIZE = 20;

// The service takes no query without a longer term.
const SHORTEST = 2;

// Pages may be empty while the service goes on searching. After so many the person says whether it shall.
const EMPTY_PAGES = 10;

// After that the person is told that the service did not answer.
const ANSWER_MS = 15_000;

interface Listener {
  /** The person has found what was wanted, or wants no more. */
  left(found: boolean): void;
}

/**
 * Finds messages and titles while words are typed. One call is under way at a time, and goes on with what was typed
 * meanwhile: a slow service is asked less often, and an answer to older words is never shown.
 */
export class Search {
  readonly #field = byId("search", HTMLInputElement);
  readonly #element = byId("hits", HTMLElement);
  readonly #sessions = byId("sessions", HTMLElement);
  readonly #said = make("p", { className: "quiet hits-said", role: "status" });
  readonly #list = make("ul", { className: "session-rows" });
  readonly #more = make("button", {
    type: "button", className: "button more", hidden: true, onclick: () => this.#goOn(),
  }, "More results");
  #isAsking = false;
  /** What the hits are for; empty: there are none yet. */
  #shown = "";
  #pageToken = "";

  constructor(listener: Listener) {
    this.#element.append(this.#said, this.#list, this.#more);
    this.#field.addEventListener("input", () => this.#look());
    this.#field.addEventListener("keydown", (event) => {
      // What failed is asked for again.
      if (event.key === "Enter" && !event.isComposing) this.#look();
      if (event.key !== "Escape" || event.isComposing) return;
      // Elsewhere it ends the answer.
      event.preventDefault();
      this.#field.value = "";
      this.#look();
      listener.left(false);
    });
    this.#list.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest("a")) listener.left(true);
    });
  }

  focus(): void {
    this.#field.focus();
    this.#field.select();
  }

  get #query(): string {
    return this.#field.value.trim();
  }

  #look(): void {
    const query = this.#query;
    this.#element.hidden = query === "";
    this.#sessions.hidden = query !== "";
    if (Array.from(query.replaceAll('"', "")).length < SHORTEST) {
      this.#clear();
      this.#said.textContent = "Write two letters or more.";
    } else if (query !== this.#shown && !this.#isAsking) {
      void this.#ask(query, "");
    }
  }

  #goOn(): void {
    if (!this.#isAsking && this.#query === this.#shown) void this.#ask(this.#shown, this.#pageToken);
  }

  async #ask(query: string, pageToken: string): Promise<void> {
    this.#isAsking = true;
    this.#element.setAttribute("aria-busy", "true");
    const show = await this.#find(query, pageToken);
    this.#isAsking = false;
    this.#element.setAttribute("aria-busy", "false");
    if (query === this.#query) show();
    else this.#look();
  }

  /** Returns what shows what was found, if it is still wanted. */
  async #find(query: string, pageToken: string): Promise<() => void> {
    try {
      const page = await this.#page(query, pageToken);
      return () => {
        if (!pageToken) this.#clear();
        this.#shown = query;
        this.#pageToken = page.nextPageToken;
        this.#list.append(...page.hits.map(hitRow));
        this.#more.hidden = this.#pageToken === "";
        this.#said.textContent = this.#count();
      };
    } catch (error) {
      const { what, advice } = failureOf(error);
      return () => {
        // Nothing is shown for these words then, so that they can be asked for again.
        if (!pageToken) this.#clear();
        this.#said.textContent = `${what} ${advice}`.trim();
      };
    }
  }

  /** Goes on by itself where a page is empty and not the last one. */
  async #page(query: string, pageToken: string): Promise<SearchMessagesResponse> {
    let page: SearchMessagesResponse;
    let token = pageToken;
    let pages = 0;
    do {
      const request = { query, pageToken: token, pageSize: PAGE_SIZE };
      page = await authenticated(() => sessions.searchMessages(request, { timeoutMs: ANSWER_MS }));
      token = page.nextPageToken;
      pages++;
    } while (page.hits.length === 0 && token !== "" && pages < EMPTY_PAGES && query === this.#query);
    return page;
  }

  #clear(): void {
    this.#shown = "";
    this.#pageToken = "";
    this.#list.replaceChildren();
    this.#more.hidden = true;
  }

  #count(): string {
    const count = this.#list.children.length;
    if (count === 0) return this.#pageToken ? "Nothing yet." : "Nothing was found.";
    return `${count} ${count === 1 ? "result" : "results"}${this.#pageToken && ", and there are more"}`;
  }
}
