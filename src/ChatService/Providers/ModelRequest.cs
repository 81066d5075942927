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
    /// The conversation, oldest first; the last one is the user's message, the results of tools, or the model's own
    /// that it is to carry on (<see cref="IModelProvider.CarriesOn"/>).
    /// </summary>
    public required IReadOnlyList<ModelMessage> Messages { get; init; }

    /// <summary>
    /// The beginning of the answer, that the model is to carry on; empty: none. It is written into
    /// <see cref="Messages"/> on the way to the provider.
    /// </summary>
    public string Begun { get; init; } = "";

    /// <summary>Earlier steps of the turn have said something: what is said now stands behind it.</summary>
    public bool HasSpoken { get; init; }

    /// <summary>What the model may call.</summary>
    public IReadOnlyList<ModelTool> Tools { get; init; } = [];

    /// <summary>What the answer has to look like; null: talk.</summary>
    public ModelSchema? Schema { get; init; }

    /// <summary>The answer is wanted as it comes. False: it comes in one piece.</summary>
    public bool Streaming { get; init; } = true;

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public long? MaxOutputTokens { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public long? Seed { get; init; }
}

/// <summary>A message of the conversation.</summary>
/// <param name="Parts">Of the user or the model; empty for the results of tools.</param>
internal sealed record ModelMessage(ModelRole Role, IReadOnlyList<Part> Parts)
{
    /// <summary>The tools that the model called after its text.</summary>
    public IReadOnlyList<ModelCall> Calls { get; init; } = [];

    /// <summary>What the calls of the message before came to, in their order; with the role Tool.</summary>
    public IReadOnlyList<ModelCallResult> Results { get; init; } = [];
}

internal enum ModelRole
{
    User,
    Assistant,
    Tool,
}

/// <summary>A tool as the model is told of it.</summary>
/// <param name="Name">[A-Za-z0-9_-]{1,64}, unique in the request.</param>
/// <param name="ParametersSchema">JSON schema of an object.</param>
internal sealed record ModelTool(string Name, string Description, string ParametersSchema);

/// <summary>A call that the model made.</summary>
/// <param name="Id">Unique in the conversation.</param>
/// <param name="Name">As the model wrote it, or near it: <see cref="ToolName"/>.</param>
/// <param name="ArgumentsJson">A JSON object.</param>
internal sealed record ModelCall(string Id, string Name, string ArgumentsJson)
{
    public string Name { get; } = ToolName.Near(Name);
}

/// <param name="Name">Of the tool that was called, likewise.</param>
/// <param name="Text">JSON or plain text.</param>
internal sealed record ModelCallResult(string CallId, string Name, string Text, bool IsError)
{
    public string Name { get; } = ToolName.Near(Name);
}

/// <summary>The form of an answer.</summary>
/// <param name="Name">[A-Za-z0-9_-]{1,64}</param>
/// <param name="JsonSchema">Of an object.</param>
internal sealed record ModelSchema(string Name, string JsonSchema);
