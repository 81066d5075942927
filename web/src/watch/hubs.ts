import { createClient } from "@connectrpc/connect";
import { SessionService } from "../gen/chat/v1/sessions_pb";
import { transportWith } from "../service/transport";
import { Hub } from "./hub";
import type { ToHub } from "./messages";

// One for each API key: what one tenant is told never reaches a tab of another.
const hubs = new Map<string | null, Hub>();

/** Listens to a tab for as long as there is one. */
export function serve(port: MessagePort): void {
  let hub: Hub | undefined;
  port.addEventListener("message", ({ data }: MessageEvent<ToHub>) => {
    if (data.kind === "wake") {
      hub?.wake(data.newNetwork);
      return;
    }
    if (data.kind === "alive") {
      // A tab that crashes cannot say that it goes.
      void navigator.locks.request(data.lock, () => hub?.leave(port));
      return;
    }

    const next = hubOf(data.key);
    if (hub !== next) hub?.leave(port);
    hub = next;
    if (data.sessionIds.length > 0) hub.watch(port, data.sessionIds);
    else hub.leave(port);
  });
  port.start();
}

function hubOf(key: string | null): Hub {
  let hub = hubs.get(key);
  if (!hub) {
    hub = new Hub(createClient(SessionService, transportWith(() => key)), key);
    hubs.set(key, hub);
  }
  return hub;
}
