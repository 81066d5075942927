using System.Security.Cryptography;
using System.Text;
using Chat.V1;
using ChatGrpc.Storage;
using Google.Protobuf;
using Simulation.Tests.World;

namespace Simulation.Tests.Checking;

/// <summary>What holds of every stream when a schedule is over: docs/architecture.md has it in words.</summary>
internal sealed class StreamRules(Story story)
{
    private static readonly StreamChatResponse.EventOneofCase[] Closing =
    [
        StreamChatResponse.EventOneofCase.Done, StreamChatResponse.EventOneofCase.Error,
        StreamChatResponse.EventOneofCase.ResponseSaved, StreamChatResponse.EventOneofCase.StreamEnd,
    ];

    private readonly List<StreamChatResponse> _log = story.Log;

    public static void Check(SimulatedWorld world)
    {
        foreach (var stream in world.Store.Streams)
        {
            var story = new Story(world, stream);
            var rules = new StreamRules(story);
            rules.CheckLog();
            if (world.Ledger.Violations.Count == 0)
            {
                rules.CheckEnd();
                rules.CheckMessage();
                new CauseRules(story).Check();
                new ToolRules(story).Check();
                rules.CheckReaders();
                rules.CheckCancels();
                rules.CheckWarnings();
            }
        }

        world.Submissions.Check();

        // Whoever waits only for the clock has missed a wake-up: no limit of a turn is longer than this.
        if (world.Scheduler.Now - world.Ledger.GoodWeatherSince > Patience(world))
        {
            world.Ledger.Violate($"it took until {world.Scheduler.Now}");
        }
    }

    // What is silent ends by its limit, one after the other; carried on, it is silent again. What nobody runs is looked
    // for once a minute.
    private static TimeSpan Patience(SimulatedWorld world) => TimeSpan.FromSeconds(130) + TimeSpan.FromTicks(
        world.Workload.Messages.Sum(message => message.Script.Silence.Ticks * (message.CarriesOn ? 2 : 1)));

    private void CheckLog()
    {
        var sequences = _log.Select(logged => logged.Sequence);
        story.Expect(
            sequences.SequenceEqual(Enumerable.Range(1, _log.Count).Select(i => (long)i)),
            $"the log's sequences are {string.Join(' ', sequences)}");
        story.Expect(story.Stream.Record.LastSequence == _log.Count, "the row counts other events than the log has");
        story.Expect(_log.Count > 0 && _log[^1].StreamEnd is not null, "stream_end is not the last event");
        story.Expect(_log.Count(logged => logged.StreamEnd is not null) == 1, "there is more than one stream_end");
        var last = _log.SkipWhile(logged => !Closing.Contains(logged.EventCase))
            .Select(logged => logged.EventCase).ToList();
        story.Expect(
            last.Distinct().OrderBy(kind => Array.IndexOf(Closing, kind)).SequenceEqual(last),
            $"it ends with {string.Join(", ", last)}");
    }

    private void CheckEnd()
    {
        var (end, answer) = (story.End, story.Answer);
        var state = story.Stream.Record.State;
        story.Expect(end.State == state, $"stream_end says {end.State} and the row {state}");
        story.Expect(end.LastSequence == _log.Count, "stream_end counts other events than the log has");
        story.Expect(
            end.AnswerSha256 == Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(answer))),
            "the answer's SHA-256 is wrong");
        var fails = state is StreamState.Failed or StreamState.Interrupted;
        story.Expect(fails == _log.Exists(logged => logged.Error is not null), "error and state do not agree");
        story.Expect(fails != _log.Exists(logged => logged.Done is not null), "done and state do not agree");
        story.Expect(
            _log.Exists(logged => logged.ResponseSaved is not null) == (!fails || answer.Length > 0),
            "response_saved and the answer do not agree");
    }

    private void CheckMessage()
    {
        var message = story.Stream.Answer.ToRecord();
        story.Expect(message.Status == story.Stream.Record.State, $"the message is {message.Status}");
        story.Expect(
            string.Concat(message.Parts.Select(part => part.Text)) == story.Answer, "the message has another text");
        story.Expect(
            story.Stream.Answer.Reasoning == story.Said(TokenChannel.Reasoning), "the message has other reasoning");
    }

    private void CheckReaders()
    {
        var events = _log.ConvertAll(logged => logged.ToByteArray());
        foreach (var view in story.World.Followers.Select(follower => follower.View))
        {
            if (view.StreamId == story.Stream.Record.StreamId && view.HasEnded)
            {
                story.Expect(
                    view.Events.Count == events.Count
                    && view.Events.Zip(events).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)),
                    $"{view.Name} has read other events than the store has");
            }
        }
    }

    private void CheckCancels()
    {
        foreach (var (streamId, last) in story.World.Ledger.Cancels)
        {
            story.Expect(
                streamId != story.Stream.Record.StreamId || last == _log.Count,
                $"a cancel said that it ends at {last}, and it has {_log.Count} events");
        }
    }

    // Once for each outage that lasts; a process that dies may have said it and not saved it.
    private void CheckWarnings()
    {
        var told = _log.Count(logged => logged.Warning?.Code == "PERSISTENCE_DELAYED");
        var mayBeCut = story.World.Workload.Weather >= Weather.OwnerCrashes;
        story.Expect(
            mayBeCut || told <= story.World.OutageCount, $"{told} outages are told, and fewer were");
        // One that was opened late may stand beside another one, whose model it was that spoke.
        var isTold = told > 0 || story.Stream.Record.Epoch > 1 || story.Reason == "TURN_OPENED_LATE"
            || !story.World.Models.Of(story.Key).Any(made => made.IsSaidInOutage);
        story.Expect(isTold, "it was told in an outage, and nobody was warned");
        story.Expect(
            story.Reason != "TURN_OPENED_LATE" || story.HasUnknownCommits, "nobody knew of it, though all was known");
    }
}
