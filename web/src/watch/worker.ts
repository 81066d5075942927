import { serve } from "./hubs";

/** The hub for all tabs of the page: a browser keeps one such worker for as long as one of them is open. */
addEventListener("connect", (event) => {
  for (const port of (event as MessageEvent).ports) serve(port);
});
