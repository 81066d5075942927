using ModelContextProtocol;
using ModelContextProtocol.Client;

namespace ChatGrpc.Tools.Mcp;

/// <summary>The session at a server over HTTP. Others have none.</summary>
internal static class McpSession
{
    // Who asks has a failure to tell already.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Asks the server, after it refused a call: one that was started anew has to say 404 of a session that it does not
    /// know, which the client heeds by itself, and some say 400.
    /// </summary>
    public static async Task<bool> IsOverAsync(McpClient client, TimeProvider time, CancellationToken cancellationToken)
    {
        if (client.SessionId is null)
        {
            return false;
        }

        try
        {
            var ping = client.PingAsync(cancellationToken: cancellationToken).AsTask();
            _ = await ping.WaitAsync(Limit, time, cancellationToken);
            return false;
        }
        catch (McpProtocolException refused)
        {
            return refused.ErrorCode != McpErrorCode.MethodNotFound;
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            return failed is HttpRequestException refused && (int?)refused.StatusCode is (400 or 404);
        }
    }
}
