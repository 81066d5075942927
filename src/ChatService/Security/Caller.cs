namespace ChatGrpc.Security;

/// <summary>Who calls, as far as the service knows.</summary>
/// <param name="TenantId">Whose sessions and streams the caller sees; all others are like absent ones.</param>
internal sealed record Caller(string TenantId)
{
    /// <summary>Everybody who reaches a service without keys.</summary>
    public static Caller Local { get; } = new("local");
}
