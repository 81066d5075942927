using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>How far a turn has come: what the model was asked at first, and the steps since.</summary>
/// <param name="steps">Those that were made before, by an earlier process.</param>
internal sealed class TurnCourse(Turn turn, ModelRequest first, ToolBelt belt, IEnumerable<TurnStep> steps)
{
    // With what the model wrote and what clients gave, a message that holds all of it fits the 16 MiB that a listing
    // may have for one.
    private const int MaxResultBytes = 2 * 1024 * 1024;

    private readonly List<TurnStep> _steps = [.. steps];
    private IReadOnlyList<ModelMessage> _correction = [];
    private int _correctedAt;

    public Turn Turn => turn;

    public ToolBelt Belt => belt;

    /// <summary>The next step's number.</summary>
    public int NextNumber => _steps.Count + 1;

    /// <summary>How often tools have been run.</summary>
    public int Rounds => _steps.Count(step => step.Kind == StepKind.Tools);

    /// <summary>The step that is or was last; null: there was none.</summary>
    public TurnStep? Last => _steps.Count > 0 ? _steps[^1] : null;

    /// <summary>The last answer and the results of the tools that it called.</summary>
    public (TurnStep Answer, TurnStep Results) LastRound => (_steps[^2], _steps[^1]);

    /// <summary>The turn has said something before the step that comes next.</summary>
    public bool HasSpoken =>
        _steps.Exists(step => step.Events.Any(each => each.Token is not null))
        || (_steps.Count > 0 && first.Begun.Length > 0);

    /// <summary>How many of the turn's tries belong to steps that are made.</summary>
    public int AttemptsTold { get; set; }

    /// <summary>All calls so far.</summary>
    public IReadOnlyList<ToolCall> Calls => [.. Events.Select(each => each.ToolCall).OfType<ToolCall>()];

    private IEnumerable<StreamChatResponse> Events => _steps.SelectMany(step => step.Events);

    /// <summary>The answer can be asked for once more: it was not yet.</summary>
    public bool CanCorrect => _correction.Count == 0;

    /// <summary>
    /// What the model is asked next. What it is to carry on it carries on in its first answer, and has said after that.
    /// </summary>
    public ModelRequest Request => first with
    {
        Tools = belt.Tools,
        HasSpoken = HasSpoken,
        Messages =
        [
            .. first.Messages,
            .. Prompt.MessagesOf(_steps.Take(_correctedAt), first.Begun),
            .. _correction,
            .. Prompt.MessagesOf(_steps.Skip(_correctedAt), _correctedAt == 0 ? first.Begun : ""),
        ],
        Begun = _steps.Count == 0 ? first.Begun : "",
    };

    /// <summary>An answer had another form than it had to have; this is what the model is told of it.</summary>
    public void Correct(IReadOnlyList<ModelMessage> correction) =>
        (_correction, _correctedAt) = (correction, _steps.Count);

    /// <summary>A result of the service's own tools, or an error in its place where the turn has too much.</summary>
    public StreamChatResponse Fit(StreamChatResponse next)
    {
        if (next.ToolResult is not { } result
            || Events.Sum(each => each.ToolResult?.CalculateSize() ?? 0) + result.CalculateSize() <= MaxResultBytes)
        {
            return next;
        }

        return new StreamChatResponse
        {
            ToolResult = new ToolResult
            {
                Id = result.Id,
                Text = $"There is no room for more results: this answer had {MaxResultBytes} bytes of them.",
                IsError = true,
                DurationMs = result.DurationMs,
            },
        };
    }

    /// <summary>Puts a step to the others, or into the place of the one of its number.</summary>
    public TurnStep Put(TurnStep step)
    {
        _ = _steps.RemoveAll(known => known.Number == step.Number);
        _steps.Add(step);
        return step;
    }
}
