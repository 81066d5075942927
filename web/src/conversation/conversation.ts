import { Code, ConnectError } from "@connectrpc/connect";
import { make } from "../dom";
import type { Message } from "../gen/chat/v1/sessions_pb";
import { failureOf } from "../service/failures";
import { authenticated, chat, sessions } from "../service/service";
import { AnswerView } from "./answerView";
import { LiveTurn, type Request } from "./liveTurn";
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
  /** The question and the answer of that turn, which the saved messages go above. */
  #live: HTMLElement[] = [];
  /** A turn that someone else's connection began, or this page before it was loaded again. */
  #foreignStream = "";
  #stoppingForeign = false;
  /** The number of the newest load: what an older one brings is not shown. */
  #load = 0;
  /** Resolves when the newest load has ended. */
  #loaded: Promise<void> = Promise.resolve();
  #look: ReturnType<typeof setTimeout> | undefined;

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
    return this.#turn?.stopping ?? this.#stoppingForeign;
  }

  /** Shows what the service has saved, once it is there. A turn that this page reads is shown as it comes. */
  async load(): Promise<void> {
    if (this.#turn) return;
    this.#loaded = this.#loadNewest(++this.#load);
    await this.#loaded;
  }

  async send(text: string, again?: Request): Promise<void> {
    const view = new AnswerView();
    const question = questionView(text);
    view.await(again?.model ?? this.#listener.selectedModel());
    this.#live = [question, view.element];
    this.element.append(...this.#live);
    let request = again;
    const turn = new LiveTurn(view, {
      began: (sessionId) => {
        this.#sessionId = sessionId;
        this.#listener.began(this);
      },
      grew: () => this.#listener.changed(this),
      sendAgain: (asBefore) => {
        if (this.isAnswering) return;
        if (asBefore) {
          question.remove();
          view.element.remove();
        }
        void this.send(text, asBefore ? request : undefined);
      },
      reload: () => void this.load(),
    });
    this.#turn = turn;
    this.#listener.changed(this);
    // Messages that are loaded later would have the new ones among them.
    await this.#loaded;
    request ??= {
      message: text, sessionId: this.#sessionId, model: this.#listener.selectedModel(), clientRequestId: requestId(),
    };
    await turn.run(request);
    this.#turn = undefined;
    this.#live = [];
    this.#listener.changed(this);
    this.#listener.ended(this);
  }

  async stop(): Promise<void> {
    if (this.#turn) {
      const stopped = this.#turn.stop();
      this.#listener.changed(this);
      await stopped;
    } else if (this.#foreignStream && !this.#stoppingForeign) {
      await this.#stopForeign(this.#foreignStream);
    }
  }

  async #stopForeign(streamId: string): Promise<void> {
    this.#stoppingForeign = true;
    this.#listener.changed(this);
    try {
      await authenticated(() => chat.cancelStream({ target: { case: "streamId", value: streamId } }));
    } catch (error) {
      this.#listener.failed(failureOf(error).what);
    }
    await this.load();
    this.#stoppingForeign = false;
    this.#listener.changed(this);
  }

  async #loadNewest(load: number): Promise<void> {
    clearTimeout(this.#look);
    this.element.setAttribute("aria-busy", "true");
    const saved = new SavedMessages(this.#sessionId);
    const messages = await this.#read(saved);
    if (load !== this.#load) return;
    this.element.setAttribute("aria-busy", "false");
    const before = this.#foreignStream;
    if (messages) {
      this.#saved = saved;
      const newest = messages.at(-1);
      this.#foreignStream = newest && isRunning(newest) ? newest.streamId : "";
      this.element.replaceChildren(this.#earlier, ...messages.map(savedView), ...this.#live);
      this.#earlier.hidden = !saved.more;
    }
    this.#lookLater();
    this.#listener.changed(this);
    if (before && before !== this.#foreignStream) this.#listener.ended(this);
  }

  async #loadEarlier(): Promise<void> {
    const saved = this.#saved;
    this.#earlier.disabled = true;
    const messages = await this.#read(saved);
    this.#earlier.disabled = false;
    if (!messages || saved !== this.#saved) return;
    this.#earlier.after(...messages.map(savedView));
    this.#earlier.hidden = !saved.more;
    this.#listener.changed(this);
  }

  async #read(saved: SavedMessages): Promise<Message[] | undefined> {
    try {
      return await saved.earlier();
    } catch (error) {
      const { what, advice } = failureOf(error);
      this.#listener.failed(
        isNotFound(error) ? "This chat does not exist any more." : `The messages cannot be loaded: ${what} ${advice}`);
      return undefined;
    }
  }

  #lookLater(): void {
    clearTimeout(this.#look);
    if (this.#foreignStream) this.#look = setTimeout(() => void this.#lookAgain(), LOOK_AGAIN_MS);
  }

  /** Loads the messages again when the turn has ended that this page does not read. */
  async #lookAgain(): Promise<void> {
    // A conversation that is shown again is loaded again, unless this page reads a turn of it.
    if (!this.element.isConnected && !this.#turn) return;
    const load = this.#load;
    const sessionId = this.#sessionId;
    const streamId = this.#foreignStream;
    const running = await authenticated(() => sessions.getSession({ sessionId }))
      .then(({ session }) => session?.runningStreamId, (error) => isNotFound(error) ? "" : streamId);
    if (load !== this.#load) return;
    if (running === streamId || this.#turn) this.#lookLater();
    else await this.load();
  }
}

/** As random as a UUID; crypto.randomUUID is there on HTTPS and localhost only. */
function requestId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isNotFound(error: unknown): boolean {
  return ConnectError.from(error).code === Code.NotFound;
}
