using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Tools;
using Simulation.Tests.Model;
using Simulation.Tests.Store;
using Simulation.Tests.Tools;
using Simulation.Tests.World;

namespace Simulation.Tests.Checking;

/// <summary>A call of a model.</summary>
/// <param name="Key">The turn's: the message, with a plus behind it if it carries on an answer.</param>
internal sealed record MadeCall(string Key, int Step, ScriptedTry Try, ModelScript Script)
{
    /// <summary>In which the last piece was said; null: in none.</summary>
    public Outage? LastOutage { get; set; }

    /// <summary>
    /// Two pieces were said in one outage; the second is only asked for when the first was told.
    /// </summary>
    public bool IsSaidInOutage { get; set; }
}

/// <summary>
/// What the models were asked: for each step exactly what its script expects, in its order, with what came of the steps
/// before, and when the store knows that the turn runs.
/// </summary>
internal sealed class ModelCalls(Ledger ledger, MemoryStore store, Workload workload)
{
    private static readonly ScriptedTry Nothing = new("", Streaming: true, "", [], [], ScriptEnding.Finished);

    private readonly Dictionary<string, PlannedMessage> _planned =
        workload.Messages.ToDictionary(message => message.Text);

    private readonly List<MadeCall> _made = [];
    private readonly List<(string Key, ModelCallResult Result)> _told = [];

    public IEnumerable<MadeCall> Of(string key) => _made.Where(call => call.Key == key);

    /// <summary>The results that the models were told of in a turn.</summary>
    public IEnumerable<ModelCallResult> ToldIn(string key) =>
        _told.Where(told => told.Key == key).Select(told => told.Result);

    /// <summary>A piece is said.</summary>
    public static void Says(MadeCall made, Outage? outage)
    {
        made.IsSaidInOutage |= outage is not null && outage == made.LastOutage && made.Try.Streaming;
        made.LastOutage = outage;
    }

    /// <param name="isExcused">By a process that was taken for dead, and cannot know.</param>
    public MadeCall Begin(ModelRequest request, Func<StoredStream?, bool> isExcused)
    {
        var at = request.Messages.ToList().FindLastIndex(
            said => said.Role == ModelRole.User && _planned.ContainsKey(TextOf(said)));
        var message = _planned[TextOf(request.Messages[at])];
        var key = Story.KeyOf(message, isContinued: request.Seed == PlannedMessage.SeedOfMore);
        var (rounds, begun) = Divide(request.Messages.Skip(at + 1));
        var step = (rounds.Count / 2) + 1;
        ledger.Trace.Say($"model: {request.Model} is asked about {key}, step {step}");

        // One that nobody expected any more may have ended before.
        var all = store.Streams.Where(stream => Story.KeyOf(stream) == key).ToList();
        var stream = all.Find(stream => stream.Record.State == StreamState.Running) ?? all.FirstOrDefault();
        if (ledger.IsUnwanted(key) && stream?.Record.Epoch == 1)
        {
            ledger.Violate($"the model is asked about {key}, whose sender was told that it cannot be saved");
        }

        if (!isExcused(stream))
        {
            CheckPlace(key, stream);
        }

        var tried = Of(key).Count(call => call.Step == step);
        var tries = step <= message.Script.Steps.Count ? message.Script.Steps[step - 1].Tries : [];
        var expected = tried < tries.Count ? tries[tried] : Nothing;
        if (expected == Nothing)
        {
            ledger.Violate($"the model is asked about {key}, step {step}, again");
        }
        else
        {
            CheckRequest(key, request, expected, begun, step == 1 ? SavedOf(stream) : "");
            CheckRounds(key, message.Script, rounds, SavedOf(stream));
        }

        var made = new MadeCall(key, step, expected, message.Script);
        _made.Add(made);
        return made;
    }

    // The rounds of calls and results; then what is to be carried on, with or without a word of ours.
    private static (List<ModelMessage> Rounds, string Begun) Divide(IEnumerable<ModelMessage> since)
    {
        var rounds = since.Where(said => said.Role != ModelRole.User).ToList();
        if (rounds is not [.., { Role: ModelRole.Assistant, Calls: [] } last])
        {
            return (rounds, "");
        }

        rounds.RemoveAt(rounds.Count - 1);
        return (rounds, TextOf(last));
    }

    private void CheckPlace(string key, StoredStream? stream)
    {
        if (stream?.Record.State != StreamState.Running)
        {
            ledger.Violate($"the model is asked about {key}, whose turn is {stream?.Record.State} in the store");
        }
        else if (stream.Session.Streams.TakeWhile(before => before != stream).Any(before => before.Record.IsOpen))
        {
            ledger.Violate($"the model is asked about {key} before the session's earlier turns have ended");
        }
    }

    private void CheckRequest(string key, ModelRequest request, ScriptedTry expected, string begun, string saved)
    {
        if (request.Model != expected.Model || request.Streaming != expected.Streaming)
        {
            ledger.Violate(
                $"{request.Model} (streaming: {request.Streaming}) is asked about {key}, and {expected.Model} "
                + $"(streaming: {expected.Streaming}) should be");
        }

        if (begun != saved + expected.Begun)
        {
            ledger.Violate($"the model is to carry on {key} from '{begun}', and not from '{saved + expected.Begun}'");
        }
    }

    // What is carried on stands before the first answer's own text.
    private void CheckRounds(string key, ModelScript script, List<ModelMessage> rounds, string saved)
    {
        for (var i = 0; i + 1 < rounds.Count; i += 2)
        {
            var (said, results, number) = (rounds[i], rounds[i + 1], (i / 2) + 1);
            var step = script.Steps[number - 1];
            var isRight = TextOf(said) == (number == 1 ? saved : "") + StorableText.Of(step.Text)
                && said.Calls.Count == step.Calls.Count && results.Results.Count == step.Calls.Count;
            for (var index = 1; isRight && index <= step.Calls.Count; index++)
            {
                var (call, result) = (said.Calls[index - 1], results.Results[index - 1]);
                isRight = IsRight(step.Calls[index - 1], call, result, key, number, index);
                _told.Add((key, result));
            }

            if (!isRight)
            {
                ledger.Violate($"the model is told otherwise of {key}, step {number}, than it was: '{TextOf(said)}', "
                    + string.Join(", ", said.Calls) + "; " + string.Join(", ", results.Results));
            }
        }
    }

    private static bool IsRight(
        ScriptedCall script, ModelCall call, ModelCallResult result, string key, int step, int index)
    {
        var json = script.Arguments == ScriptedArguments.Good ? script.Json(key, step, index) : "{}";
        var expected = ToolBehaviour.Expected(script, ScriptedCall.Name(key, step, index), step);
        return call.Name == script.Tool && call.ArgumentsJson == json && result.CallId == call.Id
            && (expected is not { } known || (result.IsError == known.IsError
                && result.Text.StartsWith(known.Beginning, StringComparison.Ordinal)));
    }

    // What was saved of the answer that this one carries on.
    private string SavedOf(StoredStream? stream) =>
        stream is null ? "" : Story.SavedText(store.Find(stream.Record.ContinuesStreamId));

    private static string TextOf(ModelMessage message) => string.Concat(message.Parts.Select(part => part.Text));
}
