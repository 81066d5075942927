using Chat.V1;
using ChatGrpc.Turns;
using Simulation.Tests.Store;
using Simulation.Tests.World;

namespace Simulation.Tests.Checking;

/// <summary>The results that clients gave, and what they were told.</summary>
internal sealed class Submissions(Ledger ledger, MemoryStore store)
{
    private readonly List<(string StreamId, ToolResult Result)> _given = [];

    /// <summary>A client gives it now, whatever comes of it.</summary>
    public void Give(string streamId, ToolResult result) => _given.Add((streamId, result));

    public bool WasGiven(string streamId, ToolResult result) =>
        _given.Exists(given => given.StreamId == streamId && IsSame(given.Result, result));

    public void Answered(Awaited awaited, ToolResult result, TakenResult answer)
    {
        var streamId = awaited.StreamId;
        var stream = store.Find(streamId);
        var logged = Logged(stream, result.Id);
        var call = stream?.Events.Select(each => each.ToolCall).OfType<ToolCall>()
            .FirstOrDefault(call => call.Id == result.Id && call.ArgumentsJson.Length > 0);
        var reason = answer.Failure?.Reason;
        ledger.Trace.Say($"answerer: {result.Text} for {result.Id}: {reason ?? answer.State.ToString()}");
        var isRight = reason switch
        {
            null => logged is not null && IsSame(logged, result) && IsInStep(stream!, logged),
            "TOOL_RESULT_EXISTS" => logged is not null
                ? !IsSame(logged, result)
                : awaited.IsRefused || _given.Exists(given => given.StreamId == streamId && given.Result.Id == result.Id
                    && !IsSame(given.Result, result)),
            "TOOL_CALL_NOT_FOUND" => call is null || (stream is { Record.IsOpen: false }
                && !stream.Answer.Steps.Exists(step => step.Events.Any(each => each.ToolCall?.Id == result.Id))),
            "TOOL_RESULT_NOT_AWAITED" => stream is { Record.IsOpen: false },
            "SERVICE_STOPPING" or "OWNER_LOST" => ledger.OwnerWasLost,
            _ => false,
        };
        if (!isRight)
        {
            ledger.Violate(
                $"the result {result.Text} for {result.Id} of {ledger.Trace.Alias(streamId, "s")}, which is "
                + $"{stream?.Record.State} and has the result '{logged?.Text}', is answered with {reason ?? "OK"}");
        }

        if (reason is null)
        {
            Taken.Add((streamId, result));
        }
    }

    /// <summary>Those that were answered with OK.</summary>
    public List<(string StreamId, ToolResult Result)> Taken { get; } = [];

    /// <summary>At the end all that was taken is there, and nothing else.</summary>
    public void Check()
    {
        foreach (var (streamId, result) in Taken)
        {
            if (Logged(store.Find(streamId), result.Id) is not { } logged || !IsSame(logged, result))
            {
                ledger.Violate($"the result {result.Text} for {result.Id} was taken, and is not in the log");
            }
        }
    }

    private static ToolResult? Logged(StoredStream? stream, string callId) =>
        stream?.Events.FirstOrDefault(each => each.ToolResult?.Id == callId)?.ToolResult;

    private static bool IsInStep(StoredStream stream, ToolResult logged) =>
        stream.Answer.Steps.Exists(step => step.Events.Any(each => logged.Equals(each.ToolResult)));

    private static bool IsSame(ToolResult one, ToolResult other) =>
        one.Id == other.Id && one.Text == other.Text && one.IsError == other.IsError;
}
