using System.Collections.Concurrent;
using System.Security.Cryptography;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Storage;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace ChatGrpc.Turns;

/// <summary>Starts turns, finds those that run here, and ends them.</summary>
internal sealed class TurnRegistry(
    IChatStore store,
    ModelCatalogue models,
    TurnRunner runner,
    TurnFlusher flusher,
    IOptions<TurnOptions> options,
    TimeProvider time)
{
    // A log is kept at least so long after its turn's end.
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);

    private readonly TurnOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, Turn> _running = new();
    private volatile bool _stopping;

    /// <summary>Opens a turn and lets it run. The request has been checked.</summary>
    /// <returns>The turn, or why there is none; then nothing was saved.</returns>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<StartResult> StartAsync(
        string tenantId, StreamChatRequest request, CancellationToken cancellationToken)
    {
        var arrived = time.GetTimestamp();
        if (_stopping)
        {
            return TurnFailures.Stopping;
        }

        if (request.Agent.Length > 0)
        {
            return StartFailures.AgentNotFound(request.Agent);
        }

        if (models.Find(request.Model) is not { } model)
        {
            return StartFailures.ModelNotFound(request.Model, models);
        }

        // Known before the store knows of it: whoever finds it there, running, can end it here.
        var opening = Draft(tenantId, request, model);
        var turn = new Turn(opening, request, model, _options.TailBytes, flusher.Enqueue) { Arrived = arrived };
        _running[turn.Record.StreamId] = turn;
        OpenResult? opened = null;
        try
        {
            opened = await store.OpenTurnAsync(opening, cancellationToken);
        }
        finally
        {
            if (opened?.Outcome != OpenOutcome.Opened)
            {
                Forget(turn);
                turn.Stop.Dispose();
            }
        }

        if (opened.Outcome != OpenOutcome.Opened)
        {
            return StartFailures.NotOpened(opened, request);
        }

        _ = Task.Run(() => RunAsync(turn), CancellationToken.None);
        if (_stopping)
        {
            turn.Stop.TryStop(StopCause.Shutdown);
        }

        return new StartResult(turn, null);
    }

    public TurnReader OpenReader(Turn turn) =>
        new(turn.Describe(resumedAfter: 0, Retention), turn.Log, store, _options.Heartbeat, time);

    /// <summary>Ends a turn. Null: there is no such stream. Returns after the closing commit.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<StreamRecord?> CancelAsync(
        string tenantId, string streamId, CancellationToken cancellationToken)
    {
        if (_running.TryGetValue(streamId, out var turn) && turn.Record.TenantId == tenantId)
        {
            await EndAsync(turn, StopCause.Cancelled, cancellationToken);
        }

        return await store.FindStreamAsync(tenantId, streamId, cancellationToken);
    }

    /// <summary>Starts no more turns and ends every one as interrupted. Returns when all are saved.</summary>
    public async Task StopAllAsync()
    {
        _stopping = true;
        var turns = _running.Values.ToArray();
        foreach (var turn in turns)
        {
            turn.Stop.TryStop(StopCause.Shutdown);
        }

        await Task.WhenAll(turns.Select(turn => turn.Completion));
    }

    private async Task EndAsync(Turn turn, StopCause cause, CancellationToken cancellationToken)
    {
        turn.Stop.TryStop(cause);
        try
        {
            await turn.Completion.WaitAsync(_options.ClosingCommit, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new StoreException(TurnFailures.StoreAway.Message, late);
        }
    }

    private async Task RunAsync(Turn turn)
    {
        await runner.RunAsync(turn);
        Forget(turn);
    }

    private void Forget(Turn turn)
    {
        _running.TryRemove(turn.Record.StreamId, out _);
        turn.Complete();
    }

    private NewTurn Draft(string tenantId, StreamChatRequest request, ModelEntry model)
    {
        var now = time.GetUtcNow();
        return new NewTurn
        {
            Stream = new StreamRecord
            {
                StreamId = NewId(),
                TenantId = tenantId,
                SessionId = request.SessionId.Length > 0 ? request.SessionId : NewId(),
                UserMessageId = NewId(),
                MessageId = NewId(),
                Model = model.Alias,
                ResolvedModel = model.Model,
                Provider = model.Provider.Name,
                CreatedAt = now,
            },
            ParentMessageId = request.ParentMessageId,
            ClientRequestId = request.ClientRequestId,
            BodyHash = BodyHash(request),
            UserId = request.UserId,
            Parts = Prompt.PartsOf(request),
            Metadata = request.Metadata,
        };

        string NewId() => Guid.CreateVersion7(now).ToString();
    }

    // How the answer is delivered does not make it another request.
    private static byte[] BodyHash(StreamChatRequest request)
    {
        var body = request.Clone();
        body.OnDisconnect = OnDisconnect.Unspecified;
        return SHA256.HashData(body.ToByteArray());
    }
}
