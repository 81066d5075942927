namespace ChatGrpc.Storage;

/// <summary>Chat:Storage in the configuration.</summary>
internal sealed class StorageOptions
{
    /// <summary>
    /// The folder of the embedded store; made if absent. Default: chatgrpc in the platform's folder for application
    /// data (on Linux $XDG_DATA_HOME or ~/.local/share).
    /// </summary>
    public string Path { get; set; } = "";
}
