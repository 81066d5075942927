import type { WatchSessionResponse } from "../gen/chat/v1/sessions_pb";
import { askForKey, onNewKey, storedKey } from "../keys/keys";
import { serve } from "./hubs";
import type { FromHub, ToHub } from "./messages";
import workerUrl from "virtual:hub-worker";

interface Listener {
  update(response: WatchSessionResponse, fresh: boolean): void;
  /** Whether updates can come. */
  link(up: boolean): void;
  /** This tab may have missed something: what it shows has to be loaded again. */
  returned(): void;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(): string }): { createScriptURL(input: string): string };
}

/** This tab's line to the hub, which follows sessions for all tabs. */
export class Watch {
  readonly #listener: Listener;
  #port: Pick<MessagePort, "postMessage"> | undefined;
  #sessionIds: readonly string[] = [];

  constructor(listener: Listener) {
    this.#listener = listener;
    addEventListener("pagehide", () => this.#say([]));
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return;
      this.#say(this.#sessionIds);
      listener.returned();
    });
    onNewKey(() => this.#say(this.#sessionIds));
    addEventListener("online", () => this.#post({ kind: "wake", newNetwork: true }));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden || !this.#port) return;
      // With very many tabs the service may have been asked for others in place of these.
      this.#say(this.#sessionIds);
      this.wake();
    });
  }

  /** Follows these and no others, the one that is shown first. */
  follow(sessionIds: readonly string[]): void {
    if (this.#port && sessionIds.join() === this.#sessionIds.join()) return;
    this.#sessionIds = sessionIds;
    this.#say(sessionIds);
  }

  /** The service can be reached: whoever pauses need not. */
  wake(): void {
    this.#post({ kind: "wake", newNetwork: false });
  }

  #say(sessionIds: readonly string[]): void {
    this.#port ??= this.#connect();
    this.#post({ kind: "watch", key: storedKey(), sessionIds: [...sessionIds] });
  }

  #post(message: ToHub): void {
    this.#port?.postMessage(message);
  }

  #connect(): MessagePort {
    if (typeof SharedWorker === "undefined") return this.#connectHere();
    const worker = new SharedWorker(trusted(workerUrl), { type: "module", name: "chatgrpc" });
    worker.addEventListener("error", () => {
      // It cannot run in this browser, or its script could not be had.
      this.#port = this.#connectHere();
      this.#say(this.#sessionIds);
    }, { once: true });
    this.#listen(worker.port);
    // Locks are there on HTTPS and localhost only; without them a tab that crashes is followed for a while.
    const lock = `chatgrpc.tab.${crypto.getRandomValues(new Uint32Array(4)).join(".")}`;
    void navigator.locks?.request(lock, () => {
      this.#post({ kind: "alive", lock });
      return new Promise(() => undefined);
    });
    return worker.port;
  }

  /** The same hub inside the tab, for this tab alone. */
  #connectHere(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#listen(port1);
    serve(port2);
    return port1;
  }

  #listen(port: MessagePort): void {
    port.addEventListener("message", ({ data }: MessageEvent<FromHub>) => {
      if (data.kind === "update") this.#listener.update(data.response, data.fresh);
      else if (data.kind === "link") this.#listener.link(data.up);
      // The tab may have been given another one meanwhile.
      else if (data.key === storedKey()) void askForKey(data.key !== null);
    });
    port.start();
  }
}

/** The Content-Security-Policy lets no text become a script's address, but for the one that this returns. */
function trusted(address: string): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  return types?.createPolicy("hub", { createScriptURL: () => address }).createScriptURL(address) ?? address;
}
