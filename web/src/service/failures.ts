import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "../gen/google/rpc/error_details_pb";
import type { Error as ErrorEvent } from "../gen/chat/v1/events_pb";

/** What went wrong, in sentences for a person. */
export interface Failure {
  /** The service's own words, or ours where it said nothing. */
  what: string;
  /** What to do about it; empty: there is nothing to add. */
  advice: string;
  /** UPPER_SNAKE, for whoever looks it up; empty: none. */
  reason: string;
  retryable: boolean;
}

const advices: Record<string, string> = {
  PROVIDER_AUTHENTICATION: "The key that the service has for this provider needs a look by whoever runs it.",
  PROVIDER_RATE_LIMITED: "Wait a moment before you send it again, or choose another model.",
  PROVIDER_UNREACHABLE: "Try again in a moment, or choose another model.",
  PROVIDER_ERROR: "Try again in a moment, or choose another model.",
  PROVIDER_STREAM_CUT: "What you see is all that came.",
  PROVIDER_REJECTED_REQUEST: "Change the message, or choose another model.",
  MODEL_UNAVAILABLE: "Choose another model, or send it again later.",
  MODEL_NOT_FOUND: "Choose another model below the message.",
  CONTENT_FILTERED: "Say it in other words, or choose another model.",
  CONTEXT_TOO_LONG: "Begin a new chat or shorten the message.",
  OVERLOADED: "The service has as much to do as it can.",
  QUEUE_FULL: "Wait until an answer of this chat has ended, or cancel one.",
  SERVICE_STOPPING: "Send it again once the service is back.",
  STORE_UNAVAILABLE: "Send it again in a moment.",
  TURN_INTERRUPTED: "What was saved is kept, and can be continued.",
  FIRST_TOKEN_TIMEOUT: "Try again, or choose another model.",
  STALL_TIMEOUT: "Try again, or choose another model.",
};

const codes: Partial<Record<Code, string>> = {
  [Code.Canceled]: "The call was cancelled.",
  [Code.Unknown]: "The service failed without saying why.",
  [Code.InvalidArgument]: "The service does not accept this message.",
  [Code.DeadlineExceeded]: "The service took too long.",
  [Code.NotFound]: "The service does not have this any more.",
  [Code.PermissionDenied]: "This API key may not do that.",
  [Code.ResourceExhausted]: "The service, or its provider, takes no more at the moment.",
  [Code.Unimplemented]: "This service does not offer that.",
  [Code.Internal]: "Something went wrong in the service.",
  [Code.Unavailable]: "The service cannot be reached at the moment.",
  [Code.Unauthenticated]: "The service asks for an API key.",
};

export function failureOf(error: unknown): Failure {
  const failed = ConnectError.from(error);
  if (isNetworkError(failed)) {
    return { what: "The service does not answer.", advice: "Is it running?", reason: "", retryable: true };
  }

  const reason = failed.findDetails(ErrorInfoSchema)[0]?.reason ?? "";
  const violations = failed.findDetails(BadRequestSchema)[0]?.fieldViolations ?? [];
  const wait = failed.findDetails(RetryInfoSchema)[0]?.retryDelay;
  const what = violations.length > 0
    ? violations.map((violation) => `${violation.field}: ${violation.description}.`).join(" ")
    : failed.rawMessage || codes[failed.code] || "The call failed.";
  return {
    what,
    advice: joined(wait && waiting(Number(wait.seconds) * 1000 + wait.nanos / 1e6), advices[reason]),
    reason,
    retryable: failed.code === Code.Unavailable || wait !== undefined,
  };
}

export function failureOfEvent(event: ErrorEvent): Failure {
  const wait = event.retryAfterMs === undefined ? "" : waiting(Number(event.retryAfterMs));
  return {
    what: event.message || codes[event.code as Code] || "The answer failed.",
    advice: joined(wait, advices[event.reason]),
    reason: event.reason,
    retryable: event.retryable,
  };
}

/** The service did not say it; the connection or the browser did. */
export function isOfTransport(error: unknown): boolean {
  return ConnectError.from(error).findDetails(ErrorInfoSchema).length === 0;
}

export function hasReason(error: unknown, reason: string): boolean {
  return ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.reason === reason;
}

function isNetworkError(failed: ConnectError): boolean {
  return failed.cause instanceof TypeError
    || (failed.code === Code.Unknown && /fetch|network/i.test(failed.rawMessage));
}

function waiting(milliseconds: number): string {
  return `Try again in ${Math.max(1, Math.ceil(milliseconds / 1000))} s.`;
}

function joined(...sentences: (string | undefined)[]): string {
  return sentences.filter(Boolean).join(" ");
}
