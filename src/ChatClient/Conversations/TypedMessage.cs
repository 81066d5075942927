namespace ChatGrpc.Client.Conversations;

/// <summary>What somebody typed: a message to send, or a command to the program with its slash.</summary>
internal readonly record struct TypedMessage(string Text, bool IsCommand);
