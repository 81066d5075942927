import type { WatchSessionResponse } from "../gen/chat/v1/sessions_pb";

/** What a tab says to the hub. */
export type ToHub =
  /** All sessions that the tab follows, the one that is shown first; none: it goes away. */
  | { kind: "watch"; key: string | null; sessionIds: string[] }
  /** The tab has this lock, until it is no more. */
  | { kind: "alive"; lock: string }
  /** Someone looks at the tab again, or the service can be reached, or the network is another one. */
  | { kind: "wake"; newNetwork: boolean };

/** What the hub says to a tab. */
export type FromHub =
  /** Fresh: the first about the session for now. What happened before is not told, only what runs. */
  | { kind: "update"; response: WatchSessionResponse; fresh: boolean }
  /** Whether updates can come. */
  | { kind: "link"; up: boolean }
  /** The service does not take this key. */
  | { kind: "refused"; key: string | null };

/** The tab, as the hub has it. */
export interface Tab {
  postMessage(message: FromHub): void;
}
