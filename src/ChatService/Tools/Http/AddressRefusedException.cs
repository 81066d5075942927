namespace ChatGrpc.Tools.Http;

/// <summary>A name leads to an address that may not be connected to. The HTTP client wraps it.</summary>
internal sealed class AddressRefusedException(string host) : IOException($"{host} is at an address that is refused.");
