using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Tools;
using Simulation.Tests.Model;
using Simulation.Tests.Tools;

namespace Simulation.Tests.Checking;

/// <summary>Calls and results, the steps that they make, and the tries that these took.</summary>
internal sealed class ToolRules(Story story)
{
    private readonly List<ToolCall> _calls =
    [
        .. story.Log.Select(logged => logged.ToolCall).OfType<ToolCall>()
            .Where(call => call.ArgumentsJson.Length > 0),
    ];

    private readonly List<ToolResult> _results =
        [.. story.Log.Select(logged => logged.ToolResult).OfType<ToolResult>()];

    private readonly List<TurnStep> _steps = [.. story.Stream.Answer.Steps.OrderBy(step => step.Number)];

    public void Check()
    {
        CheckCalls();
        CheckSteps();
        CheckRuns();
        CheckTold();
        CheckAttempts();
    }

    private void CheckCalls()
    {
        story.Expect(_calls.DistinctBy(call => call.Id).Count() == _calls.Count, "two calls have one id");
        story.Expect(_results.DistinctBy(result => result.Id).Count() == _results.Count, "a call has two results");
        var scripted = story.Message.Script.Steps.SelectMany(
            (step, i) => step.Calls.Select((call, j) => (Call: call, Step: i + 1, Index: j + 1))).ToList();
        foreach (var (call, expected) in _calls.Zip(scripted))
        {
            var json = expected.Call.Json(story.Key, expected.Step, expected.Index);
            story.Expect(
                call.Name == expected.Call.Tool && call.ArgumentsJson == json,
                $"it calls {call.Name} with {call.ArgumentsJson} and not {expected.Call.Tool} with {json}");
            var told = string.Concat(Deltas(call).Select(piece => piece.ArgumentsDelta));
            story.Expect(told == json, $"the pieces of {call.Id} come to {told}");
            CheckResult(call, expected.Call, expected.Step, expected.Index);
        }

        story.Expect(_results.All(result => _calls.Exists(call => call.Id == result.Id)), "a result has no call");
    }

    // Without those that were withdrawn.
    private IEnumerable<ToolCall> Deltas(ToolCall call)
    {
        var withdrawn = story.Log.Where(logged => logged.Retract is not null)
            .Select(logged => (From: logged.Retract.AfterSequence, To: logged.Sequence)).ToList();
        return story.Log
            .Where(logged => logged.ToolCall?.Id == call.Id && logged.ToolCall.ArgumentsJson.Length == 0)
            .Where(logged => !withdrawn.Exists(gone => logged.Sequence > gone.From && logged.Sequence < gone.To))
            .Select(logged => logged.ToolCall);
    }

    private void CheckResult(ToolCall call, ScriptedCall script, int step, int index)
    {
        if (_results.Find(result => result.Id == call.Id) is not { } result)
        {
            var goesOn = story.World.Models.Of(story.Key).Any(made => made.Step > step)
                && story.Stream.Record.State != StreamState.Interrupted;
            story.Expect(!goesOn, $"{call.Id} has no result, and the turn went on");
            return;
        }

        var known = ToolBehaviour.Expected(script, ScriptedCall.Name(story.Key, step, index), step);
        story.Expect(
            known is { } expected
                ? result.IsError == expected.IsError
                    && result.Text.StartsWith(expected.Beginning, StringComparison.Ordinal)
                : story.World.Submissions.WasGiven(story.Stream.Record.StreamId, result),
            $"{call.Id} ({call.Name}) has the result {result.Text}");
    }

    // The rows say what the log says: an answer and what came of its calls, in turn.
    private void CheckSteps()
    {
        var calls = new Queue<ToolCall>(_calls);
        foreach (var (i, step) in _steps.Index())
        {
            story.Expect(
                step.Number == i + 1 && step.Kind == (i % 2 == 0 ? StepKind.Model : StepKind.Tools),
                $"step {i + 1} is number {step.Number}, of the kind {step.Kind}");
            var script = story.Message.Script.Steps[i / 2];
            if (step.Kind == StepKind.Model)
            {
                var text = string.Concat(step.Events.Select(each => each.Token?.Text));
                var said = step.Events.Select(each => each.ToolCall).OfType<ToolCall>().ToList();
                story.Expect(text == StorableText.Of(script.Text), $"step {step.Number} says '{text}'");
                story.Expect(
                    said.Count == script.Calls.Count
                    && said.All(call => calls.TryDequeue(out var logged) && logged.Equals(call)),
                    $"step {step.Number} has other calls than the log");
                story.Expect(
                    step.Attempts.Select(attempt => attempt.ResolvedModel)
                        .SequenceEqual(script.Tries.Select(each => each.Model)),
                    $"step {step.Number} took other tries");
                continue;
            }

            var ids = _steps[i - 1].Events.Select(each => each.ToolCall?.Id).ToHashSet();
            var logged = _results.Where(result => ids.Contains(result.Id)).ToList();
            story.Expect(
                step.Events.Select(each => each.ToolResult).OfType<ToolResult>().SequenceEqual(logged),
                $"step {step.Number} has other results than the log");
            story.Expect(
                step.State == StreamState.Completed == (logged.Count == script.Calls.Count),
                $"step {step.Number} is {step.State} with {logged.Count} results");
        }

        story.Expect(calls.Count == 0 || story.End.State != StreamState.Completed, "calls are in no step");
    }

    // A tool that ran has its result, unless the turn was ended before.
    private void CheckRuns()
    {
        foreach (var (i, step) in story.Message.Script.Steps.Index())
        {
            foreach (var (j, call) in step.Calls.Index())
            {
                var name = ScriptedCall.Name(story.Key, i + 1, j + 1);
                var ran = story.World.ToolRuns.All.Any(run => run.Call == name);
                var hasResult = _results.Exists(result => result.Text == ToolBehaviour.Did(name));
                story.Expect(!ran || ToolBehaviour.IsRun(call, i + 1), $"{name} should not run");
                story.Expect(ran || !hasResult, $"{name} has the result of a run that there was not");
            }
        }
    }

    private void CheckTold()
    {
        foreach (var told in story.World.Models.ToldIn(story.Key))
        {
            var logged = _results.Find(result => result.Id == told.CallId);
            var isLost = logged is null && story.Stream.Record.State == StreamState.Interrupted;
            story.Expect(
                isLost || (logged?.Text == told.Text && logged.IsError == told.IsError),
                $"the model was told that {told.CallId} came to {told.Text}, and the log says {logged?.Text}");
        }
    }

    private void CheckAttempts()
    {
        var made = story.World.Models.Of(story.Key).Select(call => call.Try).ToList();
        var told = story.End.Attempts;
        for (var i = 0; i < told.Count && i < made.Count; i++)
        {
            var expected = made[i].Ending == ScriptEnding.Finished ? StreamState.Completed : StreamState.Failed;
            var isRight = told[i].Outcome == expected && told[i].Reason == made[i].Reason;

            // The last one may have been in the middle of it, and a bug ends a turn and not the try.
            var isCut = i == told.Count - 1 && told[i].Outcome == story.End.State;
            story.Expect(
                told[i].ResolvedModel == made[i].Model && (isRight || isCut),
                $"try {i + 1} is told as {told[i].ResolvedModel} {told[i].Outcome} {told[i].Reason}, and was "
                + $"{made[i].Model} {made[i].Ending}");
        }

        // A process that dies knows only the tries of the steps that it had saved.
        var known = _steps.Sum(step => step.Attempts.Count);
        story.Expect(
            told.Count == made.Count
            || (story.End.State == StreamState.Interrupted && told.Count >= known && told.Count < made.Count)
            || (story.End.State is StreamState.Cancelled or StreamState.Interrupted && told.Count == made.Count + 1),
            $"{told.Count} tries are told, and {made.Count} were made");
    }
}
