using System.Text;
using System.Text.Json;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Providers;

namespace ChatGrpc.Turns;

/// <summary>The tools that a model calls in one answer, gathered from their pieces.</summary>
/// <param name="step">The answer's number in its turn; ids of our own begin with it.</param>
/// <param name="before">The calls of the turn's answers before this one.</param>
internal sealed class CalledTools(ToolBelt belt, int step, IReadOnlyList<ToolCall> before)
{
    // A model that asks for more at once has lost its way.
    private const int MostCalls = 64;

    // Of a whole turn: as long as an answer may be.
    private const int LongestArguments = 1_000_000;

    private const int LongestId = 128;

    private readonly List<Called> _calls = [];
    private readonly int _lengthBefore = before.Sum(call => call.ArgumentsJson.Length);
    private int _length = before.Sum(call => call.ArgumentsJson.Length);

    /// <summary>The calls are more than a turn can bear, or too large; null: they are neither.</summary>
    public Failure? Excess =>
        _calls.Count > MostCalls ? TurnFailures.TooManyCalls
        : _length > LongestArguments ? TurnFailures.AnswerTooLong(LongestArguments)
        : null;

    /// <summary>Each call whole, in the order in which they began.</summary>
    public IReadOnlyList<ToolCall> Whole =>
    [
        .. _calls.Where(call => call.Name.Length > 0).Select(call => new ToolCall
        {
            Id = call.Id,
            Name = call.Name,
            Kind = belt.KindOf(call.Name),
            ArgumentsJson = call.Arguments.Length > 0 ? call.Arguments.ToString() : "{}",
        }),
    ];

    public void Clear()
    {
        _calls.Clear();
        _length = _lengthBefore;
    }

    /// <summary>What a piece says that was not said before; null: nothing that can be told yet.</summary>
    public ToolCall? Add(in ModelEvent said)
    {
        var piece = said.ToolCallDetail;
        var call = _calls.FindLast(call => call.Index == piece.Index);
        if (call is null || (piece.Id.Length > 0 && call.ProviderId.Length > 0 && piece.Id != call.ProviderId))
        {
            call = new Called(piece.Index, IdFor(piece));
            _calls.Add(call);
        }

        call.ProviderId = piece.Id.Length > 0 ? piece.Id : call.ProviderId;
        call.Name = call.Name.Length > 0 ? call.Name : piece.Name;
        call.Arguments.Append(said.Text);
        _length += said.Text.Length;
        return call.Tell(belt);
    }

    /// <summary>The arguments as an object, which is what every tool takes.</summary>
    public static bool AreArguments(string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            return parsed.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // Many providers give none, and some give all calls the same, or each answer's first.
    private string IdFor(ModelToolCall piece)
    {
        if (piece.Id.Length is > 0 and <= LongestId && IsFree(piece.Id)
            && piece.Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return piece.Id;
        }

        var number = _calls.Count + 1;
        while (!IsFree($"call_{step}_{number}"))
        {
            number++;
        }

        return $"call_{step}_{number}";
    }

    private bool IsFree(string id) =>
        _calls.TrueForAll(call => call.Id != id) && before.All(call => call.Id != id);

    private sealed class Called(int index, string id)
    {
        private int _told = -1;

        public int Index => index;

        public string Id => id;

        public string ProviderId { get; set; } = "";

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();

        // A call is told of when its name is known, and whenever its arguments have grown by whole characters.
        public ToolCall? Tell(ToolBelt belt)
        {
            var end = Arguments.Length;
            if (end > 0 && char.IsHighSurrogate(Arguments[end - 1]))
            {
                end--;
            }

            if (Name.Length == 0 || _told >= end)
            {
                return null;
            }

            var from = Math.Max(0, _told);
            _told = end;
            return new ToolCall
            {
                Id = id,
                Name = Name,
                Kind = belt.KindOf(Name),
                ArgumentsDelta = Arguments.ToString(from, end - from),
            };
        }
    }
}
