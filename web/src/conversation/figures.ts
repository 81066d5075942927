import { type StreamEnd, type Usage, UsageSource } from "../gen/chat/v1/events_pb";

type Figure = { text: string; title?: string };

/** What a finished stream took, for the small line below the answer. */
export function figuresOf(end: StreamEnd): Figure[] {
  const { timings } = end;
  const figures = usageFigures(end.usage);
  if (timings?.firstTokenMs !== undefined) {
    figures.push({ text: `first token ${seconds(timings.firstTokenMs)}`, title: "From the request to the first text" });
  }
  if (timings) {
    figures.push({ text: `total ${seconds(timings.totalMs)}`, title: "From the request to the end of the answer" });
  }
  return figures;
}

export function usageFigures(usage: Usage | undefined): Figure[] {
  if (!usage) return [];
  const estimated = usage.source === UsageSource.ESTIMATED;
  const parts = [`${usage.promptTokens} in the prompt`, `${usage.completionTokens} in the answer`];
  if (usage.cachedTokens > 0n) parts.push(`${usage.cachedTokens} of the prompt cached`);
  if (usage.reasoningTokens > 0n) parts.push(`${usage.reasoningTokens} of the answer reasoning`);
  return [{
    text: `${estimated ? "≈ " : ""}${usage.promptTokens} + ${usage.completionTokens} tokens`,
    title: `${parts.join(", ")}; ${estimated ? "estimated by the service" : "measured by the provider"}`,
  }];
}

function seconds(milliseconds: bigint): string {
  const value = Number(milliseconds) / 1000;
  return `${value.toFixed(value < 10 ? 2 : 1)} s`;
}
