import { byId, make } from "../dom";
import type { WatchSessionResponse } from "../gen/chat/v1/sessions_pb";
import { Conversation, type ConversationListener } from "./conversation";
import { Scroller } from "./scroller";

const suggestions = ["What can you do?", "Show me Markdown with a table and code", "How does streaming work here?"];

interface Listener extends ConversationListener {
  /** These are to be followed from now on, the one that is shown first. */
  follows(sessionIds: string[]): void;
}

/** The one conversation that is shown, and those whose answers go on beside it. */
export class Conversations {
  readonly #place = byId("conversation", HTMLElement);
  readonly #scroller = new Scroller(byId("scroll", HTMLElement), byId("to-end", HTMLButtonElement));
  readonly #listener: Listener;
  readonly #welcome: HTMLElement;
  readonly #answering = new Set<Conversation>();
  #shown: Conversation;

  constructor(listener: Listener) {
    this.#listener = {
      ...listener,
      changed: (conversation) => this.#changed(conversation, listener),
    };
    const buttons = suggestions.map((text) => make(
      "button", { type: "button", className: "suggestion", onclick: () => this.send(text) }, text));
    this.#welcome = make("div", { className: "welcome" },
      make("h1", {}, "What would you like to know?"),
      make("p", {}, "Answers come word by word, and every conversation is kept."),
      make("div", { className: "suggestions" }, ...buttons));
    this.#shown = new Conversation("", this.#scroller, this.#listener);
  }

  get shown(): Conversation {
    return this.#shown;
  }

  /** Shows a session, or a new chat for none; with a message goes to that. */
  open(sessionId: string, messageId: string): void {
    if (sessionId === "" || sessionId !== this.#shown.sessionId) this.#open(sessionId);
    if (messageId) void this.#shown.reveal(messageId);
  }

  send(text: string): void {
    this.#shown.send(text);
  }

  take(response: WatchSessionResponse, fresh: boolean): void {
    for (const conversation of new Set([this.#shown, ...this.#answering])) {
      if (conversation.sessionId === response.sessionId) conversation.take(response, fresh);
    }
  }

  /** Loads again what this page may have missed. */
  reload(): void {
    for (const conversation of new Set([this.#shown, ...this.#answering])) {
      if (!conversation.isEmpty) void conversation.load();
    }
  }

  #open(sessionId: string): void {
    const running = Array.from(this.#answering).find((one) => one.sessionId === sessionId);
    this.#shown = running ?? new Conversation(sessionId, this.#scroller, this.#listener);
    this.#place.replaceChildren(this.#welcome, this.#shown.element);
    this.#scroller.toEnd();
    if (!running && sessionId !== "") void this.#shown.load();
    this.#listener.changed(this.#shown);
    this.#follow();
  }

  #changed(conversation: Conversation, listener: Listener): void {
    const before = this.#answering.size;
    if (conversation.isAnswering) this.#answering.add(conversation);
    else this.#answering.delete(conversation);
    if (this.#answering.size !== before) this.#follow();
    if (conversation !== this.#shown) return;
    this.#welcome.hidden = !conversation.isEmpty;
    this.#scroller.follow();
    listener.changed(conversation);
  }

  #follow(): void {
    this.#listener.follows(Array.from(new Set([this.#shown, ...this.#answering]), ({ sessionId }) => sessionId));
  }
}
