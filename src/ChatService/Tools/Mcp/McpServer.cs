using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ModelContextProtocol;

namespace ChatGrpc.Tools.Mcp;

/// <summary>
/// A configured server: started when it is first wanted, and again when it is wanted after it went away. One start
/// serves all who wait for it.
/// </summary>
internal sealed class McpServer(
    string name, ToolServerOptions options, ToolOptions shared, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>
    /// How long a turn waits for it. Programs that are there start in a second; what is fetched from a package registry
    /// first does better to be installed.
    /// </summary>
    public static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    // Of why it does not start, for the operator: a server may answer with a page.
    private const int MaxToldLength = 300;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RestartPace _pace = new(time);
    private Task<McpStart>? _starting;
    private McpConnection? _connection;
    private string _whyAway = "";

    // Made once of each list that the server tells.
    private Listing _listing = new([], []);

    public string Name => name;

    /// <summary>What its tools' names begin with.</summary>
    public string Prefix => $"{name}_";

    /// <summary>Its tools; or in a sentence why there are none.</summary>
    public async Task<(IReadOnlyList<ToolEntry> Tools, string WhyAway)> ListAsync(CancellationToken cancellationToken)
    {
        var start = await StartedAsync(cancellationToken);
        if (start.Connection is not { } connection)
        {
            return ([], start.WhyAway);
        }

        using var limit = new CancellationTokenSource(StartLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var tools = await connection.ToolsAsync(either.Token);
            var listing = _listing;
            if (!ReferenceEquals(listing.Told, tools))
            {
                _listing = listing = new(tools, McpTools.Entries(this, tools, options, shared, logger));
            }

            return (listing.Entries, "");
        }
        catch (Exception failed) when (!IsOfCaller(failed, cancellationToken))
        {
            ToolsLog.ServerNotListed(logger, name, failed.GetType().Name);
            return ([], "It does not say which tools it has.");
        }
    }

    public async Task<object> CallAsync(string tool, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var start = await StartedAsync(cancellationToken);
        if (start.Connection is not { } connection)
        {
            return new ToolFailure($"The server {name} is not available. {start.WhyAway}");
        }

        try
        {
            return McpContent.Of(await connection.CallAsync(tool, arguments, cancellationToken));
        }
        catch (McpProtocolException refused)
        {
            await LeaveIfOverAsync(connection, cancellationToken);
            return new ToolFailure($"The server {name} refused the call: {refused.Message}");
        }
        catch (Exception failed) when (!IsOfCaller(failed, cancellationToken))
        {
            ToolsLog.CallLost(logger, name, tool, failed.GetType().Name);
            if (IsGone(failed))
            {
                // Nothing else tells that a server over HTTP is gone; the next who wants it starts anew.
                await connection.DisposeAsync();
            }
            else if (failed is HttpRequestException { StatusCode: (HttpStatusCode)400 })
            {
                await LeaveIfOverAsync(connection, cancellationToken);
            }

            return new ToolFailure(failed is HttpRequestException { StatusCode: { } status }
                ? $"The server {name} refused the call with the HTTP status {(int)status}."
                : $"The server {name} went away, or answered what nobody understands.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<McpStart>? starting;
        lock (_lock)
        {
            starting = _starting;
        }

        await _stopping.CancelAsync();
        var connection = starting is null ? _connection : (await starting).Connection;
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }

        _stopping.Dispose();
    }

    // What others wrote fails in ways that nobody foresees; all but the caller's own leaving is the server's trouble.
    private static bool IsOfCaller(Exception failed, CancellationToken cancellationToken) =>
        failed is OperationCanceledException && cancellationToken.IsCancellationRequested;

    // A status is an answer, to this one call: the calls of others go on. That of a session that is over is none.
    private static bool IsGone(Exception failed) => failed is SocketException or HttpRequestException
    {
        StatusCode: null or HttpStatusCode.NotFound,
        HttpRequestError: not HttpRequestError.ConfigurationLimitExceeded,
    };

    private static async Task LeaveIfOverAsync(McpConnection connection, CancellationToken cancellationToken)
    {
        if (await connection.IsOverAsync(cancellationToken))
        {
            await connection.DisposeAsync();
        }
    }

    private Task<McpStart> StartedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_starting is null)
            {
                if (_connection is { Closed.IsCompleted: false } connection)
                {
                    return Task.FromResult(new McpStart(connection, ""));
                }

                if (_stopping.IsCancellationRequested || !_pace.IsDue)
                {
                    return Task.FromResult(new McpStart(null, _whyAway));
                }

                // Not on the caller's time, nor on its token: others may wait for the same start.
                _starting = Task.Run(StartAsync, CancellationToken.None);
            }

            return _starting.WaitAsync(cancellationToken);
        }
    }

    private async Task<McpStart> StartAsync()
    {
        var start = new McpStart(null, "It does not start.");
        try
        {
            using var limit = new CancellationTokenSource(StartLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, limit.Token);
            var connection = await McpTransports.ConnectAsync(name, options, time, logger, either.Token);
            start = new McpStart(connection, "");
            ToolsLog.ServerStarted(logger, name);
            _ = WatchAsync(connection, time.GetTimestamp());
        }
        catch (Exception failed)
        {
            if (failed is OperationCanceledException or TimeoutException)
            {
                start = new McpStart(null, $"It did not start within {StartLimit.TotalSeconds} s.");
            }

            var why = McpNames.Words(failed.Message, MaxToldLength);
            ToolsLog.ServerNotStarted(logger, name, failed.GetType().Name, why);
        }
        finally
        {
            // Whatever happened: a start that stayed would be the answer to all who come later.
            lock (_lock)
            {
                _starting = null;
                (_connection, _whyAway) = start;
                if (start.Connection is null)
                {
                    _pace.StartFailed();
                }
            }
        }

        return start;
    }

    private async Task WatchAsync(McpConnection connection, long started)
    {
        await connection.Closed;
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        ToolsLog.ServerGone(logger, name);
        lock (_lock)
        {
            _whyAway = "It went away.";
            _pace.Crashed(time.GetElapsedTime(started));
        }

        await connection.DisposeAsync();
    }

    private sealed record Listing(IReadOnlyList<JsonNode?> Told, IReadOnlyList<ToolEntry> Entries);

    /// <param name="Connection">Null: it did not start.</param>
    /// <param name="WhyAway">In a sentence, then.</param>
    private sealed record McpStart(McpConnection? Connection, string WhyAway);
}
