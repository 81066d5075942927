using Chaos.Tests.History;
using Chat.V1;

namespace Chaos.Tests.Checking;

/// <summary>The provider is asked once for a turn, and only for one that is stored.</summary>
internal static class ProviderRules
{
    public static IEnumerable<Violation> Check(Evidence evidence)
    {
        var calls = evidence.Calls.ToLookup(call => call.Question);
        var questions = evidence.Stored.Messages.Where(message => message.Role == MessageRole.User)
            .ToLookup(message => message.MessageId, message => message.Text);
        var asked = new HashSet<string>();
        foreach (var stream in evidence.Stored.Streams)
        {
            var question = questions[stream.UserMessageId].FirstOrDefault() ?? "";
            _ = asked.Add(question);
            var answers = calls[question].ToList();
            if (answers.Count > 1)
            {
                yield return new Violation(
                    Rule.AskedOnce, stream.StreamId, $"the provider was asked {answers.Count} times");
            }

            if (stream.State == StreamState.Completed && answers is not [{ Finished: true }])
            {
                yield return new Violation(
                    Rule.TrueAnswer, stream.StreamId, "it is COMPLETED and the provider did not come to an end");
            }

            var tokens = stream.Log.Count(logged => logged.Event.Token is not null);
            if (tokens > answers.Sum(call => call.Sent))
            {
                yield return new Violation(
                    Rule.TrueAnswer, stream.StreamId, "it has more tokens than the provider sent");
            }
        }

        foreach (var call in evidence.Calls.Where(call => !asked.Contains(call.Question)))
        {
            yield return new Violation(Rule.AskedOnce, call.Question, "the provider was asked for what is not stored");
        }
    }
}
