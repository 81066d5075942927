using Chat.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;

namespace ChatClient.Tests.Streams;

/// <summary>
/// A service that keeps the contract of resume and breaks its connections where the test says; real Kestrel and real
/// gRPC, one turn, whose log the test writes.
/// </summary>
internal sealed class ScriptedService : IAsyncDisposable
{
    public const string StreamId = "01a1fcec-8218-763f-a1e6-ca442437a7e1";

    private readonly WebApplication _app;
    private readonly Queue<Cut> _cuts = new();
    private readonly HashSet<string> _begun = [];

    private ScriptedService(WebApplication app, TurnLog log)
    {
        _app = app;
        Log = log;
    }

    public TurnLog Log { get; }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>All that were asked to read the turn, in their order.</summary>
    public List<StreamChatRequest> Requests { get; } = [];

    /// <summary>So many events before the place to go on are sent again.</summary>
    public int Overlap { get; set; }

    /// <summary>How often the model was called: once for each client_request_id.</summary>
    public int Generations => _begun.Count;

    public static async Task<ScriptedService> StartAsync(TurnLog log)
    {
        var endpoint = new ScriptedEndpoint();
        var service = new ScriptedService(await ScriptedHost.StartAsync(endpoint), log);
        endpoint.Read = service.ReadAsync;
        return service;
    }

    /// <summary>The next reading ends there; those after the last cut come to the turn's end.</summary>
    /// <param name="after">So many messages, session_info among them.</param>
    /// <param name="with">The status; null: the connection breaks. OK: as if that were all.</param>
    /// <param name="then">What becomes of the turn meanwhile.</param>
    public ScriptedService CutAfter(int after, RpcException? with = null, Action<TurnLog>? then = null)
    {
        _cuts.Enqueue(new Cut(after, with, then));
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReadAsync(
        StreamChatRequest request, IServerStreamWriter<StreamChatResponse> responses, ServerCallContext context)
    {
        Requests.Add(request);
        if (request.Resume is null)
        {
            _ = _begun.Add(request.ClientRequestId);
        }

        var cut = _cuts.Count > 0 ? _cuts.Dequeue() : new Cut(int.MaxValue, null, null);
        if (cut.After == int.MaxValue)
        {
            cut.Then?.Invoke(Log);
        }

        var messages = Log.Read(request.Resume, Overlap).Take(cut.After).ToList();
        foreach (var message in messages)
        {
            await responses.WriteAsync(message, context.CancellationToken);
        }

        if (cut.After == int.MaxValue)
        {
            Log.ThrowIfFailed();
            return;
        }

        cut.Then?.Invoke(Log);
        if (cut.With is { StatusCode: not StatusCode.OK } failure)
        {
            throw failure;
        }
        else if (cut.With is null)
        {
            await BreakAsync(context);
        }
    }

    // What was written is on its way by then, and the socket takes it before it closes.
    private static async Task BreakAsync(ServerCallContext context)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connection = context.GetHttpContext().Features.Get<IConnectionLifetimeFeature>()!;
        await using var end = context.CancellationToken.Register(() => closed.TrySetResult());
        connection.Abort();
        await closed.Task;
    }

    private sealed record Cut(int After, RpcException? With, Action<TurnLog>? Then);
}
