using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>What a script tells its runner.</summary>
/// <param name="Event">For the log; null: a mark.</param>
internal readonly record struct ScriptEvent(StreamChatResponse? Event)
{
    private readonly IReadOnlyList<TurnStep>? _steps;

    /// <summary>A model is asked next: what it says from here on is what a retract withdraws.</summary>
    public static ScriptEvent Mark => default;

    /// <summary>Steps that stand as they are with this event; they are committed together.</summary>
    public IReadOnlyList<TurnStep> Steps
    {
        get => _steps ?? [];
        init => _steps = value;
    }

    /// <summary>WAITING or RUNNING from this event on; null: as before.</summary>
    public StreamState? State { get; init; }

    public static implicit operator ScriptEvent(StreamChatResponse logged) => new(logged);
}
