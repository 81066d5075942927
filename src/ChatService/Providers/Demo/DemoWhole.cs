using System.Runtime.CompilerServices;
using System.Text;

namespace ChatGrpc.Providers.Demo;

/// <summary>
/// An answer in one piece: it takes as long as the same in deltas, and what breaks off before its end has said nothing.
/// </summary>
internal static class DemoWhole
{
    public static async IAsyncEnumerable<ModelEvent> GatherAsync(
        IAsyncEnumerable<ModelEvent> deltas, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (reasoning, answer) = (new StringBuilder(), new StringBuilder());
        var calls = new List<(ModelToolCall Call, StringBuilder Arguments)>();
        var usage = new List<ModelEvent>();
        await foreach (var delta in deltas.WithCancellation(cancellationToken))
        {
            switch (delta.Kind)
            {
                case ModelEventKind.Reasoning:
                    _ = reasoning.Append(delta.Text);
                    continue;
                case ModelEventKind.Answer:
                    _ = answer.Append(delta.Text);
                    continue;
                case ModelEventKind.ToolCall:
                    if (calls is not [.., var last] || last.Call != delta.ToolCallDetail)
                    {
                        calls.Add((delta.ToolCallDetail, new StringBuilder()));
                    }

                    _ = calls[^1].Arguments.Append(delta.Text);
                    continue;
                case ModelEventKind.Usage:
                    usage.Add(delta);
                    continue;
                case ModelEventKind.Finished:
                    foreach (var whole in Whole(reasoning, answer, calls).Concat(usage))
                    {
                        yield return whole;
                    }

                    break;
            }

            yield return delta;
        }
    }

    private static IEnumerable<ModelEvent> Whole(
        StringBuilder reasoning, StringBuilder answer, List<(ModelToolCall Call, StringBuilder Arguments)> calls)
    {
        if (reasoning.Length > 0)
        {
            yield return ModelEvent.Reasoning(reasoning.ToString());
        }

        if (answer.Length > 0)
        {
            yield return ModelEvent.Answer(answer.ToString());
        }

        foreach (var (call, arguments) in calls)
        {
            yield return ModelEvent.ToolCall(call, arguments.ToString());
        }
    }
}
