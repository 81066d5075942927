import { Code, ConnectError } from "@connectrpc/connect";
import { make } from "../dom";
import { failureOf } from "../service/failures";
import { authenticated, chat, sessions } from "../service/service";
import { AnswerView } from "./answerView";
import { LiveTurn } from "./liveTurn";
import { questionView } from "./questionView";
import { isRunning, SavedMessages, savedView } from "./savedMessages";

// How often the page asks whether a turn has ended whose stream it does not read.
const LOOK_AGAIN_MS = 2000;

export interface ConversationListener {
  /** The service has a message of it, and with the first one it has an id. */
  began(conversation: Conversation): void;
  /** The answer to that has ended, however it did. */
  ended(conversation: Conversation): void;
  /** A turn began or ended, or a text became longer. */
  changed(conversation: Conversation): void;
  failed(text: string): void;
  selectedModel(): string;
}

/** A conversation on the page. It lives on while another one is shown, as long as it has a turn. */
export class Conversation {
  readonly element = make("div", { className: "messages", role: "log", "aria-label": "Conversation" });
  readonly #listener: ConversationListener;
  readonly #earlier = make("button", {
    type: "button", className: "button earlier", hidden: true, onclick: () => void this.#loadEarlier(),
  }, "Earlier messages");
  #sessionId: string;
  #saved: SavedMessages;
  #turn: LiveTurn | undefined;
  /** A turn that someone else's connection began, or this page before it was loaded again. */
  #foreignStream = "";

  constructor(sessionId: string, listener: ConversationListener) {
    this.#sessionId = sessionId;
    this.#listener = listener;
    this.#saved = new SavedMessages(sessionId);
    this.element.append(this.#earlier);
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  get isEmpty(): boolean {
    return this.#sessionId === "" && this.element.children.length === 1;
  }

  /** A turn runs that this page reads. */
  get isReading(): boolean {
    return this.#turn !== undefined;
  }

  /** A turn runs that Stop can end. */
  get isAnswering(): boolean {
    return this.isReading || this.#foreignStream !== "";
  }

  get isStopping(): boolean {
    return this.#turn?.stopping ?? false;
  }

  /** Shows what the service has saved. */
  async load(): Promise<void> {
    this.#saved = new SavedMessages(this.#sessionId);
    this.#foreignStream = "";
    this.element.replaceChildren(this.#earlier);
    this.element.setAttribute("aria-busy", "true");
    await this.#loadEarlier();
    this.element.setAttribute("aria-busy", "false");
  }

  async send(text: string): Promise<void> {
    const view = new AnswerView();
    view.await(this.#listener.selectedModel());
    this.element.append(questionView(text), view.element);
    const turn = new LiveTurn(view, {
      began: (sessionId) => {
        this.#sessionId = sessionId;
        this.#listener.began(this);
      },
      grew: () => this.#listener.changed(this),
      sendAgain: () => void (this.isAnswering || this.send(text)),
      reload: () => void this.load(),
    });
    this.#turn = turn;
    this.#listener.changed(this);
    await turn.run(text, this.#sessionId, this.#listener.selectedModel());
    this.#turn = undefined;
    this.#listener.changed(this);
    this.#listener.ended(this);
  }

  async stop(): Promise<void> {
    if (this.#turn) {
      const stopped = this.#turn.stop();
      this.#listener.changed(this);
      await stopped;
    } else if (this.#foreignStream) {
      const streamId = this.#foreignStream;
      try {
        await authenticated(() => chat.cancelStream({ target: { case: "streamId", value: streamId } }));
      } catch (error) {
        this.#listener.failed(failureOf(error).what);
      }
      await this.load();
    }
  }

  /** Loads the messages again when the turn has ended that this page does not read. */
  async #awaitForeign(streamId: string): Promise<void> {
    // A conversation that is shown again is loaded again.
    if (this.#foreignStream !== streamId || !this.element.isConnected) return;
    const sessionId = this.#sessionId;
    const running = await authenticated(() => sessions.getSession({ sessionId }))
      .then(({ session }) => session?.runningStreamId, (error) => isNotFound(error) ? "" : streamId);
    if (running !== streamId && this.#foreignStream === streamId) await this.load();
    else setTimeout(() => void this.#awaitForeign(streamId), LOOK_AGAIN_MS);
  }

  async #loadEarlier(): Promise<void> {
    this.#earlier.disabled = true;
    try {
      const messages = await this.#saved.earlier();
      const newest = messages.at(-1);
      if (newest && isRunning(newest)) {
        this.#foreignStream = newest.streamId;
        setTimeout(() => void this.#awaitForeign(newest.streamId), LOOK_AGAIN_MS);
      }
      this.#earlier.after(...messages.map(savedView));
    } catch (error) {
      const { what, advice } = failureOf(error);
      this.#listener.failed(
        isNotFound(error) ? "This chat does not exist any more." : `The messages cannot be loaded: ${what} ${advice}`);
    }
    this.#earlier.disabled = false;
    this.#earlier.hidden = !this.#saved.more;
    this.#listener.changed(this);
  }
}

function isNotFound(error: unknown): boolean {
  return ConnectError.from(error).code === Code.NotFound;
}
