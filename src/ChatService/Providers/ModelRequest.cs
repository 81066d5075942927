using Chat.V1;

namespace ChatGrpc.Providers;

/// <summary>What a model is asked. Settings that are null are the model's own.</summary>
internal sealed record ModelRequest
{
    /// <summary>The provider's own name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The system text; empty: none.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>
    /// The conversation, oldest first; the last one is the user's message, or the model's own that it is to carry on
    /// (<see cref="IModelProvider.CarriesOn"/>).
    /// </summary>
    public required IReadOnlyList<ModelMessage> Messages { get; init; }

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public long? MaxOutputTokens { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public long? Seed { get; init; }
}

internal sealed record ModelMessage(ModelRole Role, IReadOnlyList<Part> Parts);

internal enum ModelRole
{
    User,
    Assistant,
}
