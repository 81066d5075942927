using Chaos.Tests.History;
using Chat.V1;

namespace Chaos.Tests.Checking;

/// <summary>
/// A send that was refused has left its whole turn, under its request id, or nothing; one that was taken is there once.
/// </summary>
internal static class RequestRules
{
    public static IEnumerable<Violation> Check(Evidence evidence) =>
        Streams(evidence).Concat(Leftovers(evidence.Stored));

    private static IEnumerable<Violation> Streams(Evidence evidence)
    {
        var stored = evidence.Stored.Streams.ToLookup(stream => stream.RequestKey);
        var messages = evidence.Stored.Messages.ToLookup(message => message.Text);
        foreach (var thread in evidence.Threads.Where(thread => thread.Sent is not null))
        {
            var sent = thread.Sent!;
            var streams = stored[sent.Request!].ToList();
            var wasShown = thread.AllShown.Any();
            if (streams.Count > 1 || (wasShown && streams.Count == 0))
            {
                yield return new Violation(
                    Rule.OneStreamPerRequest, $"{thread.Name} {sent.Request}", $"{streams.Count} streams are stored");
            }
            else if (streams is [var stream] && wasShown && stream.StreamId != thread.StreamId)
            {
                yield return new Violation(
                    Rule.OneStreamPerRequest, $"{thread.Name} {sent.Request}",
                    $"it read {thread.StreamId}, stored is {stream.StreamId}");
            }

            var asUser = messages[sent.Message!].Count(message => message.Role == MessageRole.User);
            if (asUser != streams.Count)
            {
                yield return new Violation(
                    Rule.NothingLeft, $"{thread.Name} {sent.Request}",
                    $"its message is stored {asUser} times, with {streams.Count} streams");
            }
        }
    }

    private static IEnumerable<Violation> Leftovers(Stored stored)
    {
        var ofStreams = stored.Streams.SelectMany(stream => new[] { stream.UserMessageId, stream.MessageId })
            .ToHashSet();
        foreach (var message in stored.Messages.Where(message => !ofStreams.Contains(message.MessageId)))
        {
            yield return new Violation(Rule.NothingLeft, message.MessageId, "this message belongs to no stream");
        }

        var ofSessions = stored.Streams.Select(stream => stream.SessionId).ToHashSet();
        foreach (var session in stored.SessionIds.Where(session => !ofSessions.Contains(session)))
        {
            yield return new Violation(Rule.NothingLeft, session, "this session has no turn");
        }
    }
}
