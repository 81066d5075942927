namespace ChatGrpc.Tools.BuiltIn;

/// <summary>Leads out of a recursion that has found a mistake; its message is for the model.</summary>
internal sealed class ExpressionException(string message) : Exception(message);
