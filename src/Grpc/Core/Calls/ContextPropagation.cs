namespace Grpc.Core;

/// <summary>
/// Links a client call to the server call it serves. The type is there because generated code and call options name
/// it; pass the deadline and the cancellation token of the <see cref="ServerCallContext"/> instead.
/// </summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}

/// <summary>What a <see cref="ContextPropagationToken"/> is to carry over.</summary>
public class ContextPropagationOptions(bool propagateDeadline = true, bool propagateCancellation = true)
{
    /// <summary>All there is.</summary>
    public static readonly ContextPropagationOptions Default = new();

    /// <summary>Whether the client call gets the server call's deadline.</summary>
    public bool IsPropagateDeadline { get; } = propagateDeadline;

    /// <summary>Whether the client call ends with the server call.</summary>
    public bool IsPropagateCancellation { get; } = propagateCancellation;
}
