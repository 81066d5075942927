import { type Attempt, StreamState, type Warning } from "../gen/chat/v1/events_pb";

// The warnings of a step down to something else; the others stand by themselves.
const STEP = "FALLBACK_";

const failings: Record<string, string> = {
  PROVIDER_UNREACHABLE: "did not answer", FIRST_TOKEN_TIMEOUT: "did not answer in time",
  STALL_TIMEOUT: "stopped in the middle", PROVIDER_STREAM_CUT: "broke off", PROVIDER_RATE_LIMITED: "was busy",
  MODEL_UNAVAILABLE: "was not available", CONTENT_FILTERED: "did not want to answer",
};

const outcomes: Partial<Record<StreamState, string>> = {
  [StreamState.COMPLETED]: "answered", [StreamState.CANCELLED]: "was stopped", [StreamState.FAILED]: "failed",
  [StreamState.INTERRUPTED]: "was interrupted",
};

/** What was tried for an answer: in a sentence, and each try in a line. */
export interface Tries {
  sentence: string;
  details: string[];
}

export function isStep({ code }: Warning): boolean {
  return code.startsWith(STEP);
}

/** While the answer is made: what the service says of its steps. Undefined: it took none. */
export function triesSoFar(warnings: readonly Warning[]): Tries | undefined {
  const steps = warnings.filter(isStep);
  const last = steps.at(-1);
  return last && { sentence: last.message, details: steps.map(({ message, code }) => `${message} (${code})`) };
}

/** At the end. Undefined: the first try was the only one that was needed. */
export function triesOf(attempts: readonly Attempt[], warnings: readonly Warning[]): Tries | undefined {
  const so = triesSoFar(warnings);
  const last = attempts.at(-1);
  // A turn with tools asks its model several times; that is no trying.
  const failed = attempts.filter(({ outcome }) => outcome === StreamState.FAILED);
  if (!last || failed.length === 0 || attempts.length < 2) return so;
  return { sentence: sentenceOf(failed, last), details: [...attempts.map(lineOf), ...(so?.details ?? [])] };
}

function sentenceOf(failed: readonly Attempt[], last: Attempt): string {
  const tries = failed.length + (last.outcome === StreamState.FAILED ? 0 : 1);
  const others = new Map(failed.map((attempt) => [attempt.model, attempt]));
  if (last.outcome !== StreamState.FAILED) others.delete(last.model);
  const told = Array.from(others.values(), ({ model, reason }) => `${model} ${failings[reason] ?? "failed"}`);
  const end = last.outcome === StreamState.FAILED
    ? `nothing else was left after ${tries} tries`
    : `${last.model} ${outcomes[last.outcome] ?? "answered"} after ${tries} tries`;
  return `${[told.join(", "), end].filter(Boolean).join("; ")}.`;
}

function lineOf({ model, provider, resolvedModel, outcome, reason, durationMs, usage }: Attempt): string {
  const name = resolvedModel && resolvedModel !== model ? `${model} (${provider} ${resolvedModel})` : model;
  const tokens = usage && usage.promptTokens + usage.completionTokens > 0n
    ? `, ${usage.promptTokens} + ${usage.completionTokens} tokens` : "";
  const why = reason ? ` with ${reason}` : "";
  return `${name} ${outcomes[outcome] ?? "ended"}${why} after ${Number(durationMs) / 1000} s${tokens}`;
}
