namespace ChatGrpc.Client;

/// <summary>Where the service is: --server, else CHAT_SERVER, else this machine.</summary>
internal static class ServerAddress
{
    public const string Default = "http://localhost:5080";
    public const string Variable = "CHAT_SERVER";

    /// <summary>Null: it is no address; the error says so.</summary>
    public static Uri? Parse(string text, out string error)
    {
        error = "";
        var address = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" && uri.Host.Length > 0 && uri.UserInfo.Length == 0)
        {
            return uri;
        }

        error = $"'{text}' is no address of a service: give one such as {Default}.";
        return null;
    }
}
