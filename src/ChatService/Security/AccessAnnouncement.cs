namespace ChatGrpc.Security;

/// <summary>Says at start-up who may come in.</summary>
internal sealed partial class AccessAnnouncement(AccessOptions access, ILogger<AccessAnnouncement> logger)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (access.AllowAnonymous)
        {
            Anonymous(logger);
        }
        else if (!access.IsOpen)
        {
            KeysNeeded(logger, access.Keys.Count(key => !key.Value.Revoked), access.Keys.Count);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(4001, LogLevel.Warning,
        "Chat:AllowAnonymous is true: whoever reaches this service reads and continues all conversations, and spends "
        + "the providers' keys.")]
    private static partial void Anonymous(ILogger logger);

    [LoggerMessage(4002, LogLevel.Information, "Every call needs a key: {Active} of {Configured} in Chat:Keys open.")]
    private static partial void KeysNeeded(ILogger logger, int active, int configured);
}
