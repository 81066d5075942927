using Chaos.Tests.History;
using Chat.V1;

namespace Chaos.Tests.Checking;

/// <summary>
/// A turn that did not come to its end has a reason for it in what was done to the run: the provider never fails here.
/// </summary>
internal sealed class EndRules
{
    // A connection of the pool may be found broken so long after the store is back.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

    private readonly Evidence _evidence;
    private readonly Dictionary<string, long> _sent;
    private readonly Dictionary<string, long> _ended;
    private readonly HashSet<string> _cancelled;
    private readonly HashSet<string> _asked;
    private readonly Dictionary<string, string> _questions;

    private EndRules(Evidence evidence)
    {
        _evidence = evidence;
        _sent = evidence.Threads.Where(thread => thread.Sent is not null).GroupBy(thread => thread.Sent!.Request!)
            .ToDictionary(threads => threads.Key, threads => threads.Min(thread => thread.Sent!.At));
        _ended = evidence.Threads.Where(thread => thread.StreamId is not null && thread.HasEnded)
            .GroupBy(thread => thread.StreamId!)
            .ToDictionary(threads => threads.Key, threads => threads.Min(EndOf));
        _cancelled =
        [
            .. from thread in evidence.Threads
               where thread.Sent is not null && thread.Entries.Any(entry => entry.Kind == EntryKind.Cancel)
               select thread.Sent!.Request!,
        ];
        _asked = [.. evidence.Calls.Select(call => call.Question)];
        _questions = evidence.Stored.Messages.Where(message => message.Role == MessageRole.User)
            .DistinctBy(message => message.MessageId)
            .ToDictionary(message => message.MessageId, message => message.Text);
    }

    public static IEnumerable<Violation> Check(Evidence evidence)
    {
        var rules = new EndRules(evidence);
        return from stream in evidence.Stored.Streams
               where !rules.HasReason(stream)
               select new Violation(
                   Rule.ReasonToEnd, $"{stream.StreamId} of {stream.RequestKey}",
                   $"it is {stream.State} ({stream.Reason}), and nothing was done that explains it");
    }

    private bool HasReason(StoredStream stream) => (stream.State, stream.Reason) switch
    {
        (StreamState.Failed, "STORE_UNAVAILABLE") => !WasAnswered(stream) && LivedInOutage(stream),
        (StreamState.Failed, _) => false,
        (StreamState.Interrupted, "TURN_INTERRUPTED") =>
            _evidence.Kills.Any(kill => Lived(stream, kill.From, kill.Until)) || WasHarmed(stream),
        (StreamState.Interrupted, "TURN_OPENED_LATE") => !WasAnswered(stream) && LivedInOutage(stream),
        (StreamState.Interrupted, _) => false,
        (StreamState.Cancelled, _) => _cancelled.Contains(stream.RequestKey),
        _ => true,
    };

    private bool WasAnswered(StoredStream stream) =>
        stream.Log.Any(logged => logged.Event.Token is not null)
        || (_questions.GetValueOrDefault(stream.UserMessageId) is { } question && _asked.Contains(question));

    private bool LivedInOutage(StoredStream stream) => _evidence.Outages.Any(
        outage => Lived(stream, outage.Begun, outage.Until + (long)Aftermath.TotalMicroseconds))
        || Lapses.Any(harm => Lived(stream, harm.From, harm.Until + (long)Aftermath.TotalMicroseconds));

    // It was its owner that was harmed; or it was opened by one that had been taken for dead, and did not know.
    private bool WasHarmed(StoredStream stream) =>
        _evidence.Fleet?.Harms.Any(harm => harm.Owned.ContainsKey(stream.StreamId)) == true
        || Lapses.Any(harm => _sent.GetValueOrDefault(stream.RequestKey, long.MaxValue) is var sent
            && sent >= harm.From - (long)Aftermath.TotalMicroseconds
            && sent <= harm.Until + (long)Aftermath.TotalMicroseconds);

    // A replica lived, and did not reach the database.
    private IEnumerable<Harm> Lapses =>
        _evidence.Fleet?.Harms.Where(harm => harm.Kind is HarmKind.Freeze or HarmKind.Cut) ?? [];

    // From its first send until somebody saw its end.
    private bool Lived(StoredStream stream, long from, long until) =>
        _sent.GetValueOrDefault(stream.RequestKey, long.MaxValue) <= until
        && _ended.GetValueOrDefault(stream.StreamId, long.MaxValue) >= from;

    private static long EndOf(ClientThread thread) =>
        thread.AllShown.Where(shown => shown.Event.StreamEnd is not null).Min(shown => shown.At);
}
