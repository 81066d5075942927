using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>The results of one round of calls, as the step of the turn that they make.</summary>
internal sealed class ToolResults
{
    private readonly TurnCourse _course;
    private readonly TimeProvider _time;
    private readonly int _number;
    private readonly int _calls;
    private readonly int _awaited;
    private readonly List<StreamChatResponse> _events = [];
    private int _results;

    /// <param name="calls">How many results there will be.</param>
    /// <param name="awaited">How many of them the client gives; they come last.</param>
    public ToolResults(TurnCourse course, int calls, int awaited, TimeProvider time)
    {
        (_course, _calls, _awaited, _time) = (course, calls, awaited, time);
        _number = course.NextNumber;
        Step = Put(since: null);
    }

    /// <summary>Those that an earlier process waited for.</summary>
    public ToolResults(TurnCourse course, TurnStep said, TurnStep waiting, TimeProvider time)
    {
        (_course, _number, Step, _time) = (course, waiting.Number, waiting, time);
        _events.AddRange(waiting.Events);
        _calls = said.Events.Count(each => each.ToolCall is not null);
        _results = _events.Count(each => each.ToolResult is not null);
        _awaited = _calls - _results;
    }

    public TurnStep Step { get; private set; }

    public bool IsComplete => _results == _calls;

    /// <summary>The next result is the last one.</summary>
    public bool IsLast => _results == _calls - 1;

    private bool IsForTheClient => !IsComplete && _calls - _results <= _awaited;

    private StreamState State =>
        IsComplete ? StreamState.Completed : IsForTheClient ? StreamState.Waiting : StreamState.Running;

    /// <summary>An event of the tools, with what it makes of the step and of the turn.</summary>
    public ScriptEvent Add(StreamChatResponse next)
    {
        if (next.Document is null && next.ToolResult is null)
        {
            return next;
        }

        var before = State;
        _events.Add(next);
        _results += next.ToolResult is null ? 0 : 1;
        Step = Put(Step.WaitingSince);
        return new ScriptEvent(next)
        {
            Steps = [Step],
            State = State == before ? null
                : State == StreamState.Waiting ? StreamState.Waiting
                : before == StreamState.Waiting ? StreamState.Running
                : null,
        };
    }

    private TurnStep Put(DateTimeOffset? since) => _course.Put(
        new TurnStep(_number, StepKind.Tools, State, [.. _events])
        {
            WaitingSince = since ?? (State == StreamState.Waiting ? _time.GetUtcNow() : null),
        });
}
