import { iconButton, make } from "../dom";

/** What can be done with a message. */
export interface Offer {
  /** The messages that can stand in its place, itself among them, in the order in which they were made. */
  readonly siblings: readonly string[];
  readonly messageId: string;
  /** Shows another of them. */
  turnTo(messageId: string, towards: Towards): void;
  edit?: (() => void) | undefined;
  regenerate?: (() => void) | undefined;
  fork?: (() => void) | undefined;
}

export type Towards = "before" | "after";

/** The line below a message: which of several it is and the way to the others, and what can be done with it. */
export class MessageBar {
  readonly #before = iconButton("before", "Previous version", () => this.#step("before"));
  readonly #after = iconButton("after", "Next version", () => this.#step("after"));
  readonly #count = make("span");
  // Whatever the direction of the text above it, the first is at the left and the last at the right.
  readonly #pager = make("span", { className: "pager", role: "group", dir: "ltr" },
    this.#before, this.#count, this.#after);
  readonly #edit = iconButton("pencil", "Edit the message", () => this.#offer?.edit?.());
  readonly #regenerate = iconButton("again", "Answer once more", () => this.#offer?.regenerate?.());
  readonly #fork = iconButton("fork", "Go on from here in a new chat", () => this.#offer?.fork?.());
  readonly element = make("div", { className: "message-bar", hidden: true },
    this.#pager, this.#edit, this.#regenerate, this.#fork);
  #offer: Offer | undefined;
  /** Which of the siblings was asked for last. */
  #index = 0;

  show(offer: Offer): void {
    this.#offer = offer;
    this.#index = offer.siblings.indexOf(offer.messageId);
    this.#edit.hidden = !offer.edit;
    this.#regenerate.hidden = !offer.regenerate;
    this.#fork.hidden = !offer.fork;
    this.#showPlace();
    this.element.hidden = Array.from(this.element.children).every((child) => (child as HTMLElement).hidden);
  }

  focusEdit(): void {
    this.#edit.focus();
  }

  /** The button that was used in another message's place goes on being the one. */
  focusPager(towards: Towards): void {
    const [wanted, other] = towards === "before" ? [this.#before, this.#after] : [this.#after, this.#before];
    (isOff(wanted) ? other : wanted).focus({ preventScroll: true });
  }

  #step(towards: Towards): void {
    if (isOff(towards === "before" ? this.#before : this.#after)) return;
    this.#index += towards === "before" ? -1 : 1;
    const messageId = this.#offer?.siblings[this.#index];
    this.#showPlace();
    if (messageId !== undefined) this.#offer?.turnTo(messageId, towards);
  }

  #showPlace(): void {
    const count = this.#offer?.siblings.length ?? 1;
    this.#pager.hidden = count < 2;
    this.#pager.setAttribute("aria-label", `Version ${this.#index + 1} of ${count}`);
    this.#count.textContent = `${this.#index + 1} / ${count}`;
    this.#before.setAttribute("aria-disabled", String(this.#index <= 0));
    this.#after.setAttribute("aria-disabled", String(this.#index >= count - 1));
  }
}

// A button that is disabled loses the focus, and whoever goes by the keys their place.
function isOff(button: HTMLButtonElement): boolean {
  return button.getAttribute("aria-disabled") === "true";
}
