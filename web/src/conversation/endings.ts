import { FinishReason, StreamState } from "../gen/chat/v1/events_pb";
import type { Note } from "./answerView";

const states: Partial<Record<StreamState, Note>> = {
  [StreamState.CANCELLED]: { kind: "info", text: "Stopped.", advice: "What there is of the answer is saved." },
  [StreamState.FAILED]: { kind: "error", text: "This answer failed.", advice: "What came before is kept." },
  [StreamState.INTERRUPTED]: {
    kind: "error", text: "The service stopped in the middle of this answer.", advice: "What was saved is kept.",
  },
};

const reasons: Partial<Record<FinishReason, Note>> = {
  [FinishReason.LENGTH]: { kind: "info", text: "The answer reached its longest length and ends here." },
  [FinishReason.CONTENT_FILTER]: { kind: "info", text: "The provider's content filter ended the answer." },
};

/** What there is to say of an answer that ended so; undefined: it is whole. */
export function endingOf(state: StreamState, reason: FinishReason | undefined): Note | undefined {
  return states[state] ?? (reason === undefined ? undefined : reasons[reason]);
}

/** The model can go on with it. */
export function canContinue(state: StreamState): boolean {
  return states[state] !== undefined;
}
