namespace ChatGrpc.Schemas;

/// <summary>A schema that is wrong, or a check that cannot go on. It does not leave the room.</summary>
/// <param name="message">A sentence for people.</param>
internal sealed class SchemaException(string message) : Exception(message);
