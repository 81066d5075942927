namespace ChatGrpc.Client.Transfer;

/// <summary>A file that cannot be read, in a sentence; the output's own troubles are others.</summary>
internal sealed class UnreadableException(string name, Exception reason)
    : Exception($"{name} cannot be read: {reason.Message}", reason);
