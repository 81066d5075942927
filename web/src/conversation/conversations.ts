import { byId, make } from "../dom";
import { Conversation, type ConversationListener } from "./conversation";
import { Scroller } from "./scroller";

const suggestions = ["What can you do?", "Show me Markdown with a table and code", "How does streaming work here?"];

/** The one conversation that is shown, and those whose answers go on beside it. */
export class Conversations {
  readonly #place = byId("conversation", HTMLElement);
  readonly #scroller = new Scroller(byId("scroll", HTMLElement), byId("to-end", HTMLButtonElement));
  readonly #listener: ConversationListener;
  readonly #welcome: HTMLElement;
  readonly #reading = new Set<Conversation>();
  #shown: Conversation;

  constructor(listener: ConversationListener) {
    this.#listener = {
      ...listener,
      changed: (conversation) => {
        if (conversation.isReading) this.#reading.add(conversation);
        else this.#reading.delete(conversation);
        if (conversation !== this.#shown) return;
        this.#welcome.hidden = !conversation.isEmpty;
        this.#scroller.follow();
        listener.changed(conversation);
      },
    };
    const buttons = suggestions.map((text) => make(
      "button", { type: "button", className: "suggestion", onclick: () => this.send(text) }, text));
    this.#welcome = make("div", { className: "welcome" },
      make("h1", {}, "What would you like to know?"),
      make("p", {}, "Answers come word by word, and every conversation is kept."),
      make("div", { className: "suggestions" }, ...buttons));
    this.#shown = new Conversation("", this.#listener);
    this.open("");
  }

  get shown(): Conversation {
    return this.#shown;
  }

  /** Shows a session, or a new chat for none. */
  open(sessionId: string): void {
    if (sessionId !== "" && sessionId === this.#shown.sessionId) return;
    const running = Array.from(this.#reading).find((one) => sessionId !== "" && one.sessionId === sessionId);
    this.#shown = running ?? new Conversation(sessionId, this.#listener);
    this.#place.replaceChildren(this.#welcome, this.#shown.element);
    this.#welcome.hidden = !this.#shown.isEmpty;
    this.#scroller.toEnd();
    this.#listener.changed(this.#shown);
    if (!running && sessionId !== "") void this.#shown.load();
  }

  send(text: string): void {
    this.#scroller.toEnd();
    void this.#shown.send(text);
  }
}
