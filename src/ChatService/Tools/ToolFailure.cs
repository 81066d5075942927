namespace ChatGrpc.Tools;

/// <summary>
/// A tool returns it where it could not do what it was asked to: the model reads the text, so it says what to do better
/// and holds no secret.
/// </summary>
internal sealed record ToolFailure(string Text);
