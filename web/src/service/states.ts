import { StreamState } from "../gen/chat/v1/events_pb";

/** The turn has not ended. */
export function isRunning(state: StreamState): boolean {
  return state === StreamState.QUEUED || state === StreamState.RUNNING || state === StreamState.WAITING;
}
