using System.Security.Cryptography;
using System.Text;
using Chat.V1;
using ChatGrpc.Storage;
using Google.Protobuf;
using Simulation.Tests.Model;
using Simulation.Tests.Store;
using Simulation.Tests.World;

namespace Simulation.Tests.Checking;

/// <summary>What holds of every stream when a schedule is over: the stream contract, as docs/architecture.md has it.</summary>
internal sealed class StreamRules
{
    private static readonly StreamChatResponse.EventOneofCase[] Closing =
    [
        StreamChatResponse.EventOneofCase.Done, StreamChatResponse.EventOneofCase.Error,
        StreamChatResponse.EventOneofCase.ResponseSaved, StreamChatResponse.EventOneofCase.StreamEnd,
    ];

    private readonly SimulatedWorld _world;
    private readonly StoredStream _stream;
    private readonly PlannedMessage _message;
    private readonly List<StreamChatResponse> _log;

    private StreamRules(SimulatedWorld world, StoredStream stream)
    {
        _world = world;
        _stream = stream;
        _message = world.Workload.Messages.First(message => message.Text == stream.UserText);
        _log = [.. stream.Events];
    }

    public static void Check(SimulatedWorld world)
    {
        foreach (var stream in world.Store.Streams)
        {
            var rules = new StreamRules(world, stream);
            rules.CheckLog();
            if (world.Ledger.Violations.Count == 0)
            {
                rules.CheckEnd();
                rules.CheckMessage();
                rules.CheckCause();
                rules.CheckReaders();
                rules.CheckCancels();
            }
        }

        // Whoever waits only for the clock has missed a wake-up: no limit of a turn is longer than this.
        if (world.Scheduler.Now - world.Ledger.GoodWeatherSince > Patience(world))
        {
            world.Ledger.Violate($"it took until {world.Scheduler.Now}");
        }
    }

    // Hanging answers end by their limit of a minute, one after the other; carried on, they hang again.
    private static TimeSpan Patience(SimulatedWorld world) => TimeSpan.FromSeconds(
        60 + (75 * world.Workload.Messages.Where(message => message.Script.Ending == ScriptEnding.Hangs)
            .Sum(message => message.CarriesOn ? 2 : 1)));

    private void CheckLog()
    {
        var sequences = _log.Select(logged => logged.Sequence);
        Expect(
            sequences.SequenceEqual(Enumerable.Range(1, _log.Count).Select(i => (long)i)),
            $"the log's sequences are {string.Join(' ', sequences)}");
        Expect(_stream.Record.LastSequence == _log.Count, "the row counts other events than the log has");
        Expect(_log.Count > 0 && _log[^1].StreamEnd is not null, "stream_end is not the last event");
        Expect(_log.Count(logged => logged.StreamEnd is not null) == 1, "there is more than one stream_end");
        var last = _log.SkipWhile(logged => !Closing.Contains(logged.EventCase))
            .Select(logged => logged.EventCase).ToList();
        Expect(
            last.Distinct().OrderBy(kind => Array.IndexOf(Closing, kind)).SequenceEqual(last),
            $"it ends with {string.Join(", ", last)}");
    }

    private void CheckEnd()
    {
        var end = _log[^1].StreamEnd;
        var state = _stream.Record.State;
        Expect(end.State == state, $"stream_end says {end.State} and the row {state}");
        Expect(end.LastSequence == _log.Count, "stream_end counts other events than the log has");
        Expect(
            end.AnswerSha256 == Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Answer()))),
            "the answer's SHA-256 is wrong");
        var fails = state is StreamState.Failed or StreamState.Interrupted;
        Expect(fails == _log.Exists(logged => logged.Error is not null), "error and state do not agree");
        Expect(fails != _log.Exists(logged => logged.Done is not null), "done and state do not agree");
        Expect(
            _log.Exists(logged => logged.ResponseSaved is not null) == (!fails || Answer().Length > 0),
            "response_saved and the answer do not agree");
    }

    private void CheckMessage()
    {
        var answer = _stream.Answer.ToRecord();
        Expect(answer.Status == _stream.Record.State, $"the message is {answer.Status}");
        Expect(string.Concat(answer.Parts.Select(part => part.Text)) == Answer(), "the message has another text");
    }

    private void CheckCause()
    {
        var script = _message.Script;
        var answer = Answer();
        var whole = Begun() + script.Answer;
        Expect(
            whole.StartsWith(answer.TrimEnd('\uFFFD'), StringComparison.Ordinal),
            "the answer is not what the model said");
        var reason = _log.FirstOrDefault(logged => logged.Error is not null)?.Error.Reason;
        var isPossible = _stream.Record.State switch
        {
            StreamState.Completed => script.Ending == ScriptEnding.Finished && answer == whole,
            StreamState.Cancelled => _world.Ledger.MayBeCancelled(_message),
            StreamState.Interrupted => _world.Ledger.OwnerWasLost || HasTrouble(),
            _ => reason switch
            {
                "PROVIDER_STREAM_CUT" => script.Ending == ScriptEnding.Cut,
                "PROVIDER_BUSY" => script.Ending == ScriptEnding.Failed,
                "INTERNAL" => script.Ending == ScriptEnding.Throws,
                "STALL_TIMEOUT" or "FIRST_TOKEN_TIMEOUT" => script.Ending == ScriptEnding.Hangs,
                "STORE_UNAVAILABLE" => HasTrouble(),
                _ => false,
            },
        };
        Expect(isPossible, $"it is {_stream.Record.State} {reason} though the model's answer was {script}");
    }

    private void CheckReaders()
    {
        var events = _log.ConvertAll(logged => logged.ToByteArray());
        foreach (var view in _world.Followers.Select(follower => follower.View))
        {
            if (view.StreamId == _stream.Record.StreamId && view.HasEnded)
            {
                Expect(
                    view.Events.Count == events.Count
                    && view.Events.Zip(events).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)),
                    $"{view.Name} has read other events than the store has");
            }
        }
    }

    private void CheckCancels()
    {
        foreach (var (streamId, last) in _world.Ledger.Cancels)
        {
            Expect(
                streamId != _stream.Record.StreamId || last == _log.Count,
                $"a cancel said that it ends at {last}, and it has {_log.Count} events");
        }
    }

    // What this answer carries on.
    private string Begun() => _world.Store.Find(_stream.Record.ContinuesStreamId) is { } continued
        ? string.Concat(continued.Answer.ToRecord().Parts.Select(part => part.Text))
        : "";

    private bool HasTrouble() => _world.Workload.Weather
        is not (Weather.Calm or Weather.Crashes or Weather.Drains or Weather.SlowStore);

    private string Answer() => string.Concat(
        _log.Where(logged => logged.Token?.Channel == TokenChannel.Answer).Select(logged => logged.Token.Text));

    private void Expect(bool holds, string what)
    {
        if (!holds)
        {
            _world.Ledger.Violate(
                $"{_world.Trace.Alias(_stream.Record.StreamId, "s")}, the answer to {_message.Text}: {what}");
        }
    }
}
