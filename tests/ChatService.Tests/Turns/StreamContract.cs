using System.Security.Cryptography;
using System.Text;
using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

/// <summary>What holds of every turn that has ended, however it did.</summary>
internal static class StreamContract
{
    private static readonly StreamChatResponse.EventOneofCase[] Closing =
    [
        StreamChatResponse.EventOneofCase.Done, StreamChatResponse.EventOneofCase.Error,
        StreamChatResponse.EventOneofCase.ResponseSaved, StreamChatResponse.EventOneofCase.StreamEnd,
    ];

    public static async Task CheckAsync(TurnScene scene, Turn turn, Reading reading, StreamState state)
    {
        CheckOrder(reading);
        CheckProof(reading, state);
        CheckInfo(turn.Record, reading.Events[0].SessionInfo);

        var stored = await scene.StoredAsync(turn);
        Assert.Equal((state, reading.End.LastSequence), (stored.State, stored.LastSequence));
        Assert.Equal(reading.Logged, await scene.StoredEventsAsync(stored.StreamId));

        var answer = (await scene.StoredBranchAsync(stored))[^1];
        Assert.Equal(state, answer.Status);
        Assert.Equal(reading.Answer, string.Concat(answer.Parts.Select(part => part.Text)));
    }

    private static void CheckInfo(StreamRecord stream, SessionInfo info)
    {
        Assert.Equal(
            (stream.StreamId, stream.SessionId, stream.UserMessageId, stream.MessageId, stream.Epoch),
            (info.StreamId, info.SessionId, info.UserMessageId, info.MessageId, info.Epoch));
        Assert.Equal(
            (stream.Model, stream.ResolvedModel, stream.Provider, 86_400L),
            (info.Model, info.ResolvedModel, info.Provider, info.RetentionSeconds));
    }

    private static void CheckOrder(Reading reading)
    {
        Assert.Equal(StreamChatResponse.EventOneofCase.SessionInfo, reading.Events[0].EventCase);
        Assert.Single(reading.Events, e => e.SessionInfo is not null);
        Assert.Equal(
            Enumerable.Range(1, reading.Logged.Count), reading.Logged.Select(logged => (int)logged.Sequence));
        Assert.All(
            reading.Events.Where(e => e.Sequence == 0),
            e => Assert.True((e.SessionInfo ?? (object)e.Heartbeat) is not null));

        // What closes a turn comes in one run at its end; each kind at most once, in this order.
        var last = reading.Logged.SkipWhile(e => !Closing.Contains(e.EventCase)).Select(e => e.EventCase).ToList();
        Assert.Equal(last.Distinct().OrderBy(kind => Array.IndexOf(Closing, kind)), last);
        Assert.Equal(StreamChatResponse.EventOneofCase.StreamEnd, last[^1]);
    }

    private static void CheckProof(Reading reading, StreamState state)
    {
        var end = reading.End;
        Assert.Equal(state, end.State);
        Assert.Equal(reading.Events[^1].Sequence, end.LastSequence);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reading.Answer))), end.AnswerSha256);
        Assert.NotEqual(UsageSource.Unspecified, end.Usage.Source);
        var saved = state is StreamState.Completed or StreamState.Cancelled || reading.Answer.Length > 0;
        Assert.Equal(saved, reading.Events.Any(e => e.ResponseSaved is not null));
        var fails = state is StreamState.Failed or StreamState.Interrupted;
        Assert.Equal(fails, reading.Events.Any(e => e.Error is not null));
        Assert.Equal(!fails, reading.Events.Any(e => e.Done is not null));
        Assert.All(
            end.Attempts, attempt => Assert.Equal(
                ("demo", "demo-1", "demo"), (attempt.Model, attempt.ResolvedModel, attempt.Provider)));
        if (reading.Events.Any(e => e.ToolCall is not null))
        {
            // The steps before it went well, however the turn did.
            return;
        }

        foreach (var attempt in end.Attempts)
        {
            Assert.Equal(state, attempt.Outcome);
            Assert.Equal(reading.Events.FirstOrDefault(e => e.Error is not null)?.Error.Reason ?? "", attempt.Reason);
            Assert.Equal(reading.Events.Any(e => e.Token is not null), attempt.HasFirstTokenMs);
        }
    }
}
