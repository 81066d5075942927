using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace ChatGrpc.Tools.Mcp;

/// <summary>A server that runs and has said what it can do, until it goes away.</summary>
internal sealed class McpConnection : IAsyncDisposable
{
    // Who has more has broken its paging: each of them costs the prompt of every turn.
    private const int MaxTools = 1_000;
    private const int MaxPages = 100;

    // One that hangs is not waited for with the news that nobody waits for it, nor with a farewell.
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, ToolReport> _reports = new();
    private readonly SemaphoreSlim _listing = new(1, 1);
    private readonly IClientTransport _transport;
    private readonly McpProcess? _process;
    private readonly TimeProvider _time;
    private McpClient _client = null!;
    private IReadOnlyList<JsonNode?> _tools = [];
    private volatile bool _isListStale = true;
    private long _calls;
    private Task? _disposal;

    private McpConnection(IClientTransport transport, McpProcess? process, TimeProvider time)
    {
        _transport = transport;
        _process = process;
        _time = time;
    }

    /// <summary>Completes when the server is gone, and never fails.</summary>
    public Task Closed => _client.Completion;

    /// <param name="transport">To the server.</param>
    /// <param name="process">What ends with the connection; null: the server is somebody else's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<McpConnection> StartAsync(
        IClientTransport transport, McpProcess? process, TimeProvider time, CancellationToken cancellationToken)
    {
        var connection = new McpConnection(transport, process, time);
        try
        {
            connection._client = await McpClient.CreateAsync(
                transport, connection.ClientOptions(), cancellationToken: cancellationToken);
            _ = await connection.ToolsAsync(cancellationToken);
            return connection;
        }
        catch
        {
            process?.Kill();
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its tools as it tells them, asked for anew if it said that they changed.</summary>
    public async Task<IReadOnlyList<JsonNode?>> ToolsAsync(CancellationToken cancellationToken)
    {
        await _listing.WaitAsync(cancellationToken);
        try
        {
            if (_isListStale)
            {
                // First, for it may change again while it is read.
                _isListStale = false;
                _tools = await ListAsync(cancellationToken);
            }

            return _tools;
        }
        catch
        {
            _isListStale = true;
            throw;
        }
        finally
        {
            _ = _listing.Release();
        }
    }

    /// <summary>Calls a tool; a cancelled call is cancelled at the server too.</summary>
    public async Task<CallToolResult> CallAsync(
        string tool, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        // Of letters too, so that it is none of the numbers that the client counts its own requests by.
        var id = $"call-{Interlocked.Increment(ref _calls)}";
        if (ToolReport.Of(arguments) is { } report)
        {
            _reports[id] = report;
        }

        var request = new JsonRpcRequest
        {
            Id = new RequestId(id),
            Method = RequestMethods.ToolsCall,
            Params = new JsonObject
            {
                ["name"] = tool,
                ["arguments"] = JsonSerializer.SerializeToNode(arguments, McpJsonUtilities.DefaultOptions),
                ["_meta"] = new JsonObject { ["progressToken"] = id },
            },
        };
        try
        {
            return await _client.SendRequestAsync(request, cancellationToken) is { Result: { } answer }
                && answer.Deserialize<CallToolResult>(McpJsonUtilities.DefaultOptions) is { } result
                ? result
                : throw new JsonException("The result is null.");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await TellCancelledAsync(request.Id);
            throw;
        }
        finally
        {
            _ = _reports.TryRemove(id, out _);
        }
    }

    /// <summary>Once, for all who ask.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return new(_disposal ??= CloseAsync());
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            // Over HTTP it tells the server that the session is over.
            await (_client?.DisposeAsync().AsTask() ?? Task.CompletedTask).WaitAsync(CloseLimit, _time);
        }
        catch (Exception gone) when (gone is not OutOfMemoryException)
        {
            // It does not listen: its session ends by itself.
        }

        if (_transport is IAsyncDisposable connections)
        {
            await connections.DisposeAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _listing.Dispose();
    }

    private McpClientOptions ClientOptions() => new()
    {
        ClientInfo = new Implementation { Name = "ChatGrpc", Version = "0.1" },
        InitializationTimeout = McpServer.StartLimit,

        // A program that is still starting is silent too: the question for the newest protocol waits for it, and who
        // does not know it says so.
        DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
        Handlers = new McpClientHandlers
        {
            NotificationHandlers =
            [
                new(NotificationMethods.ToolListChangedNotification, (_, _) =>
                {
                    _isListStale = true;
                    return ValueTask.CompletedTask;
                }),
                new(NotificationMethods.ProgressNotification, (notification, _) =>
                {
                    Progress(notification.Params);
                    return ValueTask.CompletedTask;
                }),
            ],
        },
    };

    // Not by the client's own listing: that fails as a whole where one tool is not as it should be.
    private async Task<IReadOnlyList<JsonNode?>> ListAsync(CancellationToken cancellationToken)
    {
        var tools = new List<JsonNode?>();
        var parameters = new JsonObject();
        for (var page = 0; page < MaxPages && tools.Count < MaxTools; page++)
        {
            var request = new JsonRpcRequest { Method = RequestMethods.ToolsList, Params = parameters };
            var answer = await _client.SendRequestAsync(request, cancellationToken);
            var listed = answer is { Result: JsonObject result } ? result : [];
            tools.AddRange((listed["tools"] as JsonArray ?? []).Take(MaxTools - tools.Count));
            if (listed["nextCursor"] is not JsonValue cursor || cursor.GetValueKind() != JsonValueKind.String)
            {
                break;
            }

            parameters = new JsonObject { ["cursor"] = cursor.DeepClone() };
        }

        return tools;
    }

    private void Progress(JsonNode? parameters)
    {
        if (parameters?.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions) is { } told
            && told.ProgressToken.Token is string id
            && _reports.TryGetValue(id, out var report))
        {
            double? fraction = told.Progress.Total is > 0 and var total ? told.Progress.Progress / total : null;
            report.Progress(fraction, told.Progress.Message ?? "");
        }
    }

    private async Task TellCancelledAsync(RequestId id)
    {
        try
        {
            var told = _client.SendNotificationAsync(
                NotificationMethods.CancelledNotification,
                new CancelledNotificationParams { RequestId = id, Reason = "Nobody waits for it any more." },
                McpJsonUtilities.DefaultOptions,
                CancellationToken.None);
            await told.WaitAsync(CancelLimit, _time);
        }
        catch (Exception gone) when (gone is not OutOfMemoryException)
        {
            // It is told as a courtesy: a server that is gone has stopped already.
        }
    }
}
