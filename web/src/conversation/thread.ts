import { make } from "../dom";
import type { Message } from "../gen/chat/v1/sessions_pb";
import type { History } from "./history";
import type { MessageBar, Towards } from "./messageBar";
import { isAnswer } from "./messageTree";
import type { MessageViews } from "./messageViews";
import type { Outbox } from "./outbox";
import type { Scroller } from "./scroller";

interface Actions {
  edit(message: Message, text: string): void;
  regenerate(message: Message): void;
  fork(message: Message): void;
  /** Ends when the branch through that message is shown. */
  turnTo(messageId: string): Promise<void>;
}

/** The branch that is shown, message below message, and what is on its way. */
export class Thread {
  readonly element = make("div", { className: "messages", role: "log", "aria-label": "Conversation" });
  readonly #earlier = make("button", {
    type: "button", className: "button earlier", hidden: true, onclick: () => void this.#loadEarlier(),
  }, "Earlier messages");
  readonly #history: History;
  readonly #views: MessageViews;
  readonly #scroller: Scroller;
  readonly #actions: Actions;
  #shown: readonly Message[] = [];
  /** The message below which another version is being turned to. */
  #turning: { below: string; towards: Towards } | undefined;

  constructor(history: History, views: MessageViews, scroller: Scroller, actions: Actions) {
    this.#history = history;
    this.#views = views;
    this.#scroller = scroller;
    this.#actions = actions;
    this.element.append(this.#earlier);
  }

  get isEmpty(): boolean {
    return this.element.children.length === 1;
  }

  toEnd(): void {
    if (this.element.isConnected) this.#scroller.toEnd();
  }

  render(outbox: Outbox): void {
    const { tree } = this.#history;
    const held = this.#turning && this.#barBelow(this.#turning.below);
    const top = held?.element.getBoundingClientRect().top ?? 0;
    const hadFocus = held?.element.contains(document.activeElement);

    const branch = tree.branch;
    const isShown = (messageId: string) => branch.some((message) => message.messageId === messageId);
    // What cannot be shown yet where it belongs stays where it was sent.
    outbox.forget((id) => tree.get(id) !== undefined && (tree.head !== id || isShown(id)));
    this.#shown = upTo(branch, outbox.fork);
    this.#arrange([
      this.#earlier, ...outbox.elementsAfter(""),
      ...this.#shown.flatMap((message) => [
        this.#views.viewOf(message).element, ...outbox.elementsAfter(message.messageId),
      ]),
      ...outbox.elements,
    ]);
    this.#earlier.hidden = !this.#history.hasEarlier;
    this.offer();

    const now = this.#turning && this.#barBelow(this.#turning.below);
    if (!held || !now || now === held || !this.element.isConnected) return;
    this.#scroller.place(now.element, top);
    if (hadFocus) now.focusPager(this.#turning!.towards);
  }

  /** What can be done with each message now. */
  offer(): void {
    const { tree } = this.#history;
    const open = new Set(tree.running.map(({ streamId }) => streamId));
    for (const message of this.#shown) {
      const { messageId, parentMessageId, streamId } = message;
      const hasEnded = !open.has(streamId) && !this.#views.answers.get(messageId)?.isRunning;
      this.#views.viewOf(message).bar.show({
        messageId,
        siblings: tree.siblingsOf(message),
        turnTo: (sibling, towards) => void this.#turnTo(sibling, { below: parentMessageId, towards }),
        edit: isAnswer(message) ? undefined : () => this.#edit(message),
        regenerate: isAnswer(message) && hasEnded ? () => this.#actions.regenerate(message) : undefined,
        fork: hasEnded ? () => this.#actions.fork(message) : undefined,
      });
    }
  }

  /** Goes to a message that is shown; its mark fades, and is gone with the focus. */
  reveal(messageId: string): void {
    const message = this.#shown.find((one) => one.messageId === messageId);
    if (!message || !this.element.isConnected) return;
    const { element } = this.#views.viewOf(message);
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    this.#scroller.show(element);
    element.classList.add("found");
    element.addEventListener("blur", () => element.classList.remove("found"), { once: true });
  }

  #edit(message: Message): void {
    this.#views.question(message).edit((text) => this.#actions.edit(message, text));
  }

  async #turnTo(messageId: string, turning: { below: string; towards: Towards }): Promise<void> {
    this.#turning = turning;
    await this.#actions.turnTo(messageId);
    if (this.#turning === turning) this.#turning = undefined;
  }

  #barBelow(parentMessageId: string): MessageBar | undefined {
    const message = this.#shown.find((one) => one.parentMessageId === parentMessageId);
    return message && this.#views.viewOf(message).bar;
  }

  async #loadEarlier(): Promise<void> {
    this.#earlier.disabled = true;
    await this.#history.loadEarlier();
    this.#earlier.disabled = false;
  }

  #arrange(wanted: readonly HTMLElement[]): void {
    const kept = new Set<Element>(wanted);
    for (const child of Array.from(this.element.children)) {
      if (!kept.has(child)) child.remove();
    }
    wanted.forEach((element, i) => {
      if (this.element.children[i] !== element) this.element.insertBefore(element, this.element.children[i] ?? null);
    });
  }
}

/** The branch as far as this message; all of it where it does not have that. */
function upTo(branch: readonly Message[], messageId: string | undefined): readonly Message[] {
  if (messageId === undefined) return branch;
  const last = branch.findIndex((message) => message.messageId === messageId);
  return last < 0 && messageId !== "" ? branch : branch.slice(0, last + 1);
}
