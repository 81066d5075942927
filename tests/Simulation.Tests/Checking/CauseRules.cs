using Chat.V1;
using Simulation.Tests.Model;

namespace Simulation.Tests.Checking;

/// <summary>A turn says what its models said, and ends as it does for a reason that there was.</summary>
internal sealed class CauseRules(Story story)
{
    public void Check()
    {
        var script = story.Message.Script;
        var answer = story.Answer;
        var isWhole = answer == story.Paths[^1];
        story.Expect(
            story.Paths.Any(path => path.StartsWith(answer.TrimEnd('\uFFFD'), StringComparison.Ordinal)),
            $"the answer is not what the model said: '{answer}'");
        var reason = story.Reason;
        var isPossible = story.Stream.Record.State switch
        {
            StreamState.Completed => script.Reason.Length == 0 && isWhole,
            StreamState.Cancelled => story.World.Ledger.MayBeCancelled(story.Message),
            StreamState.Interrupted => story.World.Ledger.OwnerWasLost || story.HasTrouble,
            _ => reason switch
            {
                "STORE_UNAVAILABLE" => story.HasTrouble,
                "TOOL_RESULT_TIMEOUT" => MayBeUnanswered() || story.HasTrouble,
                _ => reason == script.Reason && isWhole,
            },
        };
        story.Expect(
            isPossible, $"it is {story.Stream.Record.State} {reason} though the model's answer was {script}");
    }

    // Nobody may have read it, so that nobody could answer.
    private bool MayBeUnanswered() =>
        story.Message.Script.ClientCalls.Any(
            call => call.Client is ClientBehaviour.Late or ClientBehaviour.Never)
        || story.Log.Any(logged => logged.ToolCall is { Kind: ToolKind.Client, ArgumentsJson.Length: > 0 } call
            && !story.World.Answerer.HasSeen(story.Stream.Record.StreamId, call.Id));
}
