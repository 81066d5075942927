using Chat.V1;
using ChatGrpc.Client.Rendering;

namespace ChatGrpc.Client.Tools;

/// <summary>
/// The tools that a turn calls, a line each beside the answer. The line begins with the call and ends with its result;
/// where something else was shown between the two, it is written once more.
/// </summary>
/// <param name="verbose">Arguments and results follow it whole.</param>
internal sealed class CallLines(Terminal terminal, bool verbose)
{
    private readonly List<Called> _calls = [];
    private Called? _open;

    /// <summary>The call, once its arguments are whole.</summary>
    /// <param name="stream">The turn, for whoever has to give the result.</param>
    public void Begin(long sequence, ToolCall call, string stream)
    {
        if (_calls.Exists(known => known.Sequence == sequence && known.Call.Equals(call)))
        {
            // By another reading: what it came to stands there too, or is still to come.
            return;
        }

        var called = new Called(sequence, call);
        _calls.Add(called);
        if (call.Kind == ToolKind.Client)
        {
            terminal.WriteNotice(
                $"{CallLine.Asked(call)} … waits for its result: chat answer {stream} {call.Id} TEXT");
            return;
        }

        terminal.WriteAside($"{CallLine.Asked(call)} … ");
        _open = called;
    }

    public void ShowProgress(ToolProgress progress)
    {
        if (Find(progress.Id) is { } called)
        {
            EndLine();
            var share = progress.HasFraction ? $"{progress.Fraction * 100:0} % " : "";
            terminal.WriteNotice($"  {called.Call.Name}: {share}{progress.Note}".TrimEnd());
        }
    }

    public void End(ToolResult result)
    {
        if (Find(result.Id) is not { } called)
        {
            return;
        }

        called.IsEnded = true;
        var ending = CallLine.Ended(result);
        if (_open == called)
        {
            _open = null;
        }
        else
        {
            EndLine();
            ending = $"{CallLine.Asked(called.Call)} … {ending}";
        }

        terminal.WriteNotice(ending);
        if (verbose)
        {
            terminal.WriteNotice($"  arguments: {called.Call.ArgumentsJson}");
            terminal.WriteNotice($"  {(result.IsError ? "error" : "result")}: {CallLine.Output(result)}");
        }
    }

    /// <summary>What was called after that sequence does not count.</summary>
    /// <returns>There was something.</returns>
    public bool Retract(long afterSequence) => _calls.RemoveAll(called => called.Sequence > afterSequence) > 0;

    /// <summary>Something else is shown next.</summary>
    public void EndLine()
    {
        if (_open is not null)
        {
            terminal.WriteAside("\n");
            _open = null;
        }
    }

    // An id may be used again, by a model that counts its calls anew in each round.
    private Called? Find(string id) => _calls.Find(called => called.Call.Id == id && !called.IsEnded);

    private sealed class Called(long sequence, ToolCall call)
    {
        public long Sequence { get; } = sequence;

        public ToolCall Call { get; } = call;

        public bool IsEnded { get; set; }
    }
}
