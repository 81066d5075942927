namespace ChatGrpc.Providers.Wire;

/// <summary>A piece of an answer, an event or a line, is larger than any provider's.</summary>
internal sealed class EventTooLargeException() : IOException($"An event is larger than {MaxBytes} bytes.")
{
    /// <summary>
    /// Longest event, in bytes. The largest that providers send hold a picture of some megabytes as base64; beyond this
    /// it is a fault or an attack, and it shall not cost memory.
    /// </summary>
    public const int MaxBytes = 8 * 1024 * 1024;
}
