using ChatGrpc.Providers;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers;

/// <summary>What a provider said, as lines that a test can compare.</summary>
internal static class Transcript
{
    public static string Line(ModelEvent said) => said.Kind switch
    {
        ModelEventKind.Answer => $"answer {said.Text}",
        ModelEventKind.Reasoning => $"reasoning {said.Text}",
        ModelEventKind.ToolCall =>
            $"call {said.ToolCallDetail.Index} {said.ToolCallDetail.Id} {said.ToolCallDetail.Name} {said.Text}",
        ModelEventKind.Usage =>
            $"usage {said.UsageDetail.PromptTokens} {said.UsageDetail.CompletionTokens} "
            + $"{said.UsageDetail.CachedTokens} {said.UsageDetail.ReasoningTokens} {said.UsageDetail.Source}",
        ModelEventKind.Finished => $"finished {said.FinishReason} {said.Text}",
        ModelEventKind.Failed => $"failed {said.FailureDetail.Reason}",
        _ => throw new InvalidOperationException($"{said.Kind}"),
    };

    public static async Task<List<ModelEvent>> ReadAsync(IAsyncEnumerable<ModelEvent> said)
    {
        var events = new List<ModelEvent>();
        var enumerator = said.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        while (await enumerator.MoveNextAsync().InTime())
        {
            events.Add(enumerator.Current);
        }

        // Not after a wait that was too long: what is on its way cannot be disposed.
        await enumerator.DisposeAsync().InTime();
        return events;
    }

    public static async Task<List<string>> LinesAsync(IAsyncEnumerable<ModelEvent> said) =>
        [.. (await ReadAsync(said)).Select(Line)];

    /// <summary>Reads what a provider says under a clock that jumps to whatever it waits for.</summary>
    public static async Task<List<(TimeSpan At, ModelEvent Said)>> ReadTimedAsync(
        IAsyncEnumerable<ModelEvent> said, ManualTimeProvider time)
    {
        var events = new List<(TimeSpan, ModelEvent)>();
        await using var enumerator = said.GetAsyncEnumerator(TestContext.Current.CancellationToken);
        while (true)
        {
            var next = enumerator.MoveNextAsync().AsTask();
            while (!next.IsCompleted && time.AdvanceToNextTimer())
            {
            }

            if (!await next.InTime())
            {
                return events;
            }

            events.Add((time.Elapsed, enumerator.Current));
        }
    }
}
