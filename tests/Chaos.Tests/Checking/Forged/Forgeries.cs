using Chaos.Tests.History;
using Chat.V1;
using static Chaos.Tests.Checking.Forged.Forgery;

namespace Chaos.Tests.Checking.Forged;

/// <summary>Histories that must not be, each with the rule that it breaks.</summary>
internal static class Forgeries
{
    public static IReadOnlyDictionary<string, (Rule Broken, Action<Forgery> Forge)> All { get; } =
        new Dictionary<string, (Rule, Action<Forgery>)>
        {
            ["a token lost on the way"] = (Rule.DenseSequences, it => it.Owner.RemoveAt(3)),
            ["a token shown twice"] = (Rule.DenseSequences, it => it.Owner.Insert(3, it.Owner[2])),
            ["two tokens in the wrong order"] = (Rule.DenseSequences, it => it.Owner.Reverse(2, 2)),
            ["a gap across a resume"] = (Rule.DenseSequences, it => it.Owner[6] = Shown(Info(1, 3))),
            ["no session_info"] = (Rule.DenseSequences, it => it.Owner.RemoveAt(6)),
            ["a gap in the log"] = (Rule.DenseSequences, it => it.Log.RemoveAt(3)),
            ["something after the end"] = (Rule.OneEnd, it => it.Log.Add(Stored(1, Token(it.Log.Count + 1, "x")))),
            ["an end that counts wrongly"] = (Rule.OneEnd, it => it.Log[^1].Event.StreamEnd.LastSequence--),
            ["a second end shown"] = (Rule.OneEnd, it => it.Owner.Insert(it.Owner.Count - 1, Shown(SecondEnd(it)))),
            ["a second end stored"] = (Rule.OneEnd, it => it.Log.Add(Stored(1, SecondEnd(it)))),
            ["another text after a resume"] =
                (Rule.WithdrawnByEpochOnly, it => Rewind(it, Token(2, "something else"))),
            ["an epoch that goes back"] = (Rule.WithdrawnByEpochOnly, it => it.Owner[1] = Shown(Info(2, 0))),
            ["shown, lost, and nobody took it back"] =
                (Rule.WithdrawnByEpochOnly, it => it.Log.RemoveRange(4, it.Log.Count - 4)),
            ["another reader sees something else"] = (Rule.SameForAll, it => it.Others.Add(
                [Resume(0, 0), Shown(Info(1, 0)), Shown(Token(1, "something else")), new(0, 1, EntryKind.Abandoned)])),
            ["a log whose epochs go back"] = (Rule.WithdrawnByEpochOnly, it =>
            {
                it.Epoch = 2;
                it.Log[0] = it.Log[0] with { Epoch = 2 };
            }
            ),
            ["a log of an epoch that is still to come"] =
                (Rule.WithdrawnByEpochOnly, it => it.Log[^1] = it.Log[^1] with { Epoch = 2 }),
            ["response_saved for what is lost"] = (Rule.SavedWhenShown, Interrupt),
            ["a stream that is not stored"] = (Rule.SavedWhenShown, it => it.IsStored = false),
            ["COMPLETED without response_saved"] = (Rule.SavedWhenShown, SayNothingOfSaving),
            ["response_saved of another message"] =
                (Rule.SavedWhenShown, it => it.Log[^2].Event.ResponseSaved.MessageId = "answer-2"),
            ["what was shown is not in the answer"] =
                (Rule.TrueAnswer, it => it.Owner[2] = Shown(Token(1, "something else"))),
            ["an answer with a hole"] = (Rule.TrueAnswer, it => it.Log = [.. Ended(1, StreamState.Completed, Holed())]),
            ["a partial answer that is none"] = (Rule.TrueAnswer, it => Cut(it, ["something else"])),
            ["COMPLETED before the provider ended"] =
                (Rule.TrueAnswer, it => it.Calls[0] = it.Calls[0] with { Finished = false }),
            ["more tokens than were sent"] = (Rule.TrueAnswer, it => it.Calls[0] = it.Calls[0] with { Sent = 2 }),
            ["a wrong digest"] = (Rule.TrueAnswer, it => it.Log[^1].Event.StreamEnd.AnswerSha256 = "00"),
            ["final without an end"] = (Rule.StateAndLogAgree, it => it.Log.RemoveAt(it.Log.Count - 1)),
            ["an end without being final"] = (Rule.StateAndLogAgree, it => it.State = StreamState.Running),
            ["a message with another text"] =
                (Rule.MessageAndLogAgree, it => it.Messages[1] = it.Messages[1] with { Text = "something else" }),
            ["a message that goes on"] =
                (Rule.MessageAndLogAgree, it => it.Messages[1] = it.Messages[1] with { State = StreamState.Running }),
            ["a request with two streams"] =
                (Rule.OneStreamPerRequest, it => it.OtherStreams.Add(it.Stream with { StreamId = "stream-2" })),
            ["a refused send that left a message"] = (Rule.NothingLeft, Refuse),
            ["a message of no stream"] = (Rule.NothingLeft, it => it.Messages.Add(
                it.Messages[1] with { MessageId = "answer-2", StreamId = "stream-2" })),
            ["a session without a turn"] = (Rule.NothingLeft, it => it.OtherSessions.Add("session-2")),
            ["a request whose stream is another one"] = (Rule.OneStreamPerRequest, ReadElsewhere),
            ["another message after a resume"] = (Rule.OneStreamPerRequest, it => it.Owner[6] = OtherMessage()),
            ["a provider asked twice"] = (Rule.AskedOnce, it => it.Calls.Add(it.Calls[0])),
            ["a provider asked for nothing"] =
                (Rule.AskedOnce, it => it.Calls.Add(it.Calls[0] with { Question = "what nobody asked" })),
            ["a client that never sees the end"] =
                (Rule.EveryoneSeesTheEnd, it => it.Owner.RemoveRange(6, it.Owner.Count - 6)),
            ["a turn that never ends"] = (Rule.EveryoneSeesTheEnd, it => it.State = StreamState.Running),
            ["a cancel that is not answered"] =
                (Rule.EveryoneSeesTheEnd, it => it.Owner.Insert(8, new Entry(0, 1, EntryKind.Cancel))),
            ["a cancel after which more came"] = (Rule.CancelIsFinal, it => it.Owner.Add(
                new Entry(0, 1, EntryKind.Cancelled) { Sequence = 4, Outcome = "Completed" })),
            ["OK without an end"] = (Rule.HonestStatus, it => it.Owner[4] = Status("OK")),
            ["NOT_FOUND for what was shown"] = (Rule.HonestStatus, it => it.Owner[4] = Status("NotFound")),
            ["a silent outage"] = (Rule.StreamsGoOn, it => Away(it, tokens: 0, warnings: 1)),
            ["an outage without a warning"] = (Rule.Warned, it => Away(it, tokens: 9, warnings: 0)),
            ["two warnings of one outage"] = (Rule.Warned, it => Away(it, tokens: 9, warnings: 2)),
            ["FAILED, and nothing has"] = (Rule.ReasonToEnd, it => End(it, StreamState.Failed, "PROVIDER_STREAM_CUT")),
            ["FAILED by a store that was there"] =
                (Rule.ReasonToEnd, it => End(it, StreamState.Failed, "STORE_UNAVAILABLE")),
            ["FAILED by the store in mid-answer"] = (Rule.ReasonToEnd, it =>
            {
                End(it, StreamState.Failed, "STORE_UNAVAILABLE", Forgery.Question.Deltas()[0]);
                it.Outages.Add(Told(1, Second));
            }
            ),
            ["INTERRUPTED, and the service lived"] =
                (Rule.ReasonToEnd, it => End(it, StreamState.Interrupted, "TURN_INTERRUPTED")),
            ["INTERRUPTED before the kill"] = (Rule.ReasonToEnd, it =>
            {
                End(it, StreamState.Interrupted, "TURN_INTERRUPTED");
                it.Kills.Add(new ServiceKill(60 * Second, 61 * Second));
            }
            ),
            ["CANCELLED by nobody"] = (Rule.ReasonToEnd, it => Cut(it, [])),
            ["a send that hangs in an outage"] = (Rule.RefusedAtOnce, it =>
            {
                it.Others.Add(Refused(2 * Second));
                it.Others.Add([Send() with { At = 2 * Second }, Shown(Info(1, 0)) with { At = 12 * Second }]);
                it.Outages.Add(Told(1, 10 * Second));
            }
            ),
            ["an outage that refuses nobody"] = (Rule.RefusedAtOnce, it => it.Outages.Add(Told(1, 10 * Second))),
            ["refused after a long time"] = (Rule.RefusedAtOnce, it =>
            {
                it.Others.Add([Send() with { At = Second }, Status("Unavailable") with { At = 9 * Second }]);
                it.Outages.Add(Told(1, 10 * Second));
            }
            ),
            ["saved late"] =
                (Rule.SavedSoonAfter, it => it.Outages.Add(Told(1, Second) with { Committed = 3 * Second })),
        };

    private const long Second = 1_000_000;

    public static Outage Told(long from, long until) => new("a test", from, until) { Begun = from, IsTold = true };

    private static StreamChatResponse SecondEnd(Forgery it)
    {
        var end = it.Log[^1].Event.Clone();
        end.Sequence++;
        return end;
    }

    /// <summary>A turn that said this and ended so.</summary>
    public static void End(Forgery it, StreamState state, string reason, params IReadOnlyList<string> deltas)
    {
        (it.State, it.Log) = (state, [.. Ended(1, state, deltas)]);
        it.Log[deltas.Count] = Stored(1, new StreamChatResponse
        {
            Sequence = deltas.Count + 1,
            Error = new Error { Code = (int)Google.Rpc.Code.Unavailable, Reason = reason },
        });
        it.Messages[1] = it.Messages[1] with { State = state, Text = string.Concat(deltas) };
        it.Calls.Clear();
        it.ReadAtOnce();
        it.Owner[^1] = Status("Unavailable");
    }

    /// <summary>Somebody who is refused then.</summary>
    public static List<Entry> Refused(long at) =>
        [Send() with { At = at }, Status("Unavailable") with { At = at + 1 }, new(at + 2, 1, EntryKind.GaveUp)];

    private static void SayNothingOfSaving(Forgery it)
    {
        var end = it.Log[^1].Event.Clone();
        end.Sequence--;
        end.StreamEnd.LastSequence--;
        it.Log = [.. it.Log.SkipLast(2), Stored(1, end)];
        it.ReadAtOnce();
    }

    private static void ReadElsewhere(Forgery it)
    {
        foreach (var i in new[] { 1, 6 })
        {
            var info = StreamChatResponse.Parser.ParseFrom(it.Owner[i].Event);
            info.SessionInfo.StreamId = "stream-2";
            it.Owner[i] = Shown(info);
        }
    }

    private static Entry OtherMessage()
    {
        var info = Info(1, 2);
        info.SessionInfo.MessageId = "answer-2";
        return Shown(info);
    }

    private static void Rewind(Forgery it, StreamChatResponse second)
    {
        it.Owner[5] = Resume(1, 1);
        it.Owner[6] = Shown(Info(1, 1));
        it.Owner.Insert(7, Shown(second));
    }

    private static List<string> Holed() => [.. Forgery.Question.Deltas().Where((_, i) => i != 2)];

    private static void Cut(Forgery it, IReadOnlyList<string> deltas)
    {
        it.State = StreamState.Cancelled;
        it.Log = [.. Ended(1, StreamState.Cancelled, deltas)];
    }

    // All of it was shown; then the service was lost, and only three tokens had been committed.
    private static void Interrupt(Forgery it)
    {
        var end = Ended(2, StreamState.Interrupted, [.. Forgery.Question.Deltas().Take(3)]).ToList();
        (it.State, it.Epoch) = (StreamState.Interrupted, 2);
        it.Log = [.. it.Log.Take(3), .. end.Skip(3)];
    }

    private static void Refuse(Forgery it)
    {
        it.IsStored = false;
        it.Messages.RemoveAt(1);
        it.Calls.Clear();
        it.Owner = [Send(), Status("Unavailable"), new Entry(0, 1, EntryKind.GaveUp)];
    }

    // A long answer that is read in one go; the store is away from its third second on for ten.
    public static void Away(Forgery it, int tokens, int warnings)
    {
        var shown = new List<Entry> { Resume(0, 0) with { At = 1 }, Shown(Info(1, 0)) with { At = 1 } };
        var sequence = 0;
        Add(Second, Token(++sequence, "before"));
        for (var i = 0; i < warnings; i++)
        {
            Add((6 * Second) + i, new StreamChatResponse
            {
                Sequence = ++sequence,
                Warning = new Warning { Code = "PERSISTENCE_DELAYED" },
            });
        }

        for (var i = 0; i < tokens; i++)
        {
            Add((6 * Second) + (i * Second / 2) + 10, Token(++sequence, "during"));
        }

        Add(20 * Second, Token(++sequence, "after"));
        it.Others.Add(shown);
        it.Outages.Add(Told(3 * Second, 13 * Second));

        void Add(long at, StreamChatResponse response) => shown.Add(Shown(response) with { At = at });
    }
}
