using System.Security.Cryptography;
using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Storage;
using ChatGrpc.Tools;
using Google.Protobuf;

namespace ChatGrpc.Turns;

/// <summary>Opens turns: what is asked for becomes a row in the store, and only then anything runs.</summary>
internal sealed class TurnOpening(
    IChatStore store, DoubtedOpenings openings, ModelCatalogue models, ToolCatalogue tools, TurnRegistry turns,
    TurnReading reading, TurnCancelling cancelling, SessionSignals signals, Incarnation incarnation, TimeProvider time)
{
    // A session that has more unanswered messages than this has nobody who waits for the answers.
    private const int LongestQueue = 16;

    /// <summary>
    /// Opens a turn, or finds the one that the same request opened before. The request has been checked.
    /// </summary>
    /// <returns>A reader of its events from the first one on, or why there is none; then nothing was saved.</returns>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async Task<ReadResult> StartAsync(
        string tenantId, StreamChatRequest request, CancellationToken cancellationToken)
    {
        var arrived = time.GetTimestamp();
        var continued = request.ContinueFrom.Length > 0
            ? await store.FindStreamAsync(tenantId, request.ContinueFrom, cancellationToken)
            : null;
        var named = await NamedMessage.FindAsync(store, tenantId, request, cancellationToken);
        var alias = request.Model.Length > 0 ? request.Model : continued?.Model ?? "";
        var model = models.Find(alias);
        var refusal = turns.IsStopping ? TurnFailures.Stopping
            : request.Agent.Length > 0 ? StartFailures.AgentNotFound(request.Agent)
            : request.ContinueFrom.Length > 0 ? StartFailures.NotContinued(continued, request)
            : named.Failure;
        refusal ??= model is null ? StartFailures.ModelNotFound(alias, models) : tools.Check(request.Tools);

        await incarnation.EnsureAsync(cancellationToken);
        var draft = Draft(tenantId, request, model, continued, named);
        return refusal is null
            ? await OpenAsync(draft, request, model!, arrived, cancellationToken)
            : await FindSentAsync(draft, request, cancellationToken) ?? refusal;
    }

    // What was sent before is read, also when nothing like it could begin now.
    private async Task<ReadResult?> FindSentAsync(
        NewTurn draft, StreamChatRequest request, CancellationToken cancellationToken)
    {
        if (draft.ClientRequestId.Length == 0)
        {
            return null;
        }

        var found = await store.OpenTurnAsync(draft with { MaxTurnsAhead = -1 }, cancellationToken);
        return found.Outcome switch
        {
            OpenOutcome.SentBefore => await ReadAsync(draft, found, request, cancellationToken),
            OpenOutcome.RequestIdTaken => StartFailures.NotOpened(found, request),
            _ => default(ReadResult?),
        };
    }

    private async Task<ReadResult> ReadAsync(
        NewTurn draft, OpenResult sent, StreamChatRequest request, CancellationToken cancellationToken)
    {
        await openings.WantAnywhereAsync(draft.Stream.TenantId, sent.StreamId, cancellationToken);
        return await reading.ResumeAsync(
            draft.Stream.TenantId, new Resume { StreamId = sent.StreamId }, request.Pacing, cancellationToken);
    }

    private async Task<ReadResult> OpenAsync(
        NewTurn draft, StreamChatRequest request, ModelEntry model, long arrived, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var turn = turns.Add(draft.Stream, draft.Request, model, arrived);

        // Whoever stops the service either sees this turn or is seen here.
        if (turns.IsStopping)
        {
            turns.Remove(turn);
            return TurnFailures.Stopping;
        }

        // Who leaves now leaves a turn that is open: to break off in the middle would leave nobody who knows.
        var opened = await openings.OpenAsync(turn, draft);
        switch (opened.Outcome)
        {
            case OpenOutcome.Opened:
                signals.Changed(draft.Stream.TenantId, draft.Stream.SessionId);
                turn.Promote();
                turns.Begin(turn);
                break;
            case OpenOutcome.Queued:
                signals.Changed(draft.Stream.TenantId, draft.Stream.SessionId);
                turns.Begin(turn);
                await (request.OnBusy == OnBusy.Interrupt ? CancelThoseBeforeAsync(turn) : Task.CompletedTask);
                break;
            case OpenOutcome.SentBefore:
                return await ReadAsync(draft, opened, request, cancellationToken);
            default:
                return StartFailures.NotOpened(opened, request);
        }

        return reading.Open(turn, resumedAfter: 0, request.Pacing, opened.TurnsAhead);
    }

    // The newest first, so that none of them is promoted. They end by themselves; the new one waits for that anyway.
    private async Task CancelThoseBeforeAsync(Turn turn)
    {
        var (tenant, session) = (turn.Record.TenantId, turn.Record.SessionId);
        IReadOnlyList<StreamRecord> open;
        try
        {
            open = await store.ListSessionStreamsAsync(tenant, session, CancellationToken.None);
        }
        catch (StoreException)
        {
            // It is saved and waits for the others to end by themselves: to call it refused would be worse.
            return;
        }

        // It may have been interrupted itself by now; then what is open is newer.
        if (open.All(other => other.StreamId != turn.Record.StreamId))
        {
            return;
        }

        var before = open.TakeWhile(other => other.StreamId != turn.Record.StreamId).Reverse();
        await cancelling.InterruptAsync(tenant, [.. before.Select(stream => stream.StreamId)]);
    }

    private NewTurn Draft(
        string tenantId, StreamChatRequest request, ModelEntry? model, StreamRecord? continued, NamedMessage named)
    {
        var now = time.GetUtcNow();
        return new NewTurn
        {
            Stream = new StreamRecord
            {
                StreamId = NewId(),
                TenantId = tenantId,
                SessionId = continued?.SessionId ?? (request.SessionId.Length > 0 ? request.SessionId : NewId()),
                UserMessageId = continued?.UserMessageId ?? named.UserMessageId ?? NewId(),
                MessageId = NewId(),
                Model = model?.Alias ?? "",
                ResolvedModel = model?.Model ?? "",
                Provider = model?.Provider.Name ?? "",
                ContinuesStreamId = request.ContinueFrom,
                CreatedAt = now,
            },
            Owner = incarnation.Id,
            ParentMessageId = request.ParentMessageId,
            EditMessageId = request.EditMessageId,
            IsRegeneration = request.RegenerateMessageId.Length > 0,
            ClientRequestId = request.ClientRequestId,
            BodyHash = BodyHash(request),
            Request = WithoutColumns(request),
            MaxTurnsAhead = request.OnBusy switch
            {
                OnBusy.Queue => LongestQueue,
                OnBusy.Interrupt => int.MaxValue,
                _ => 0,
            },
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
        body.OnBusy = OnBusy.Unspecified;
        body.Coalescing = null;
        body.Durability = Durability.Unspecified;
        body.Pacing = null;
        return SHA256.HashData(Ordered(body));
    }

    // Maps have no order, and some clients write theirs in another one each time.
    private static byte[] Ordered(StreamChatRequest body)
    {
        var bytes = new byte[body.CalculateSize()];
        var output = new CodedOutputStream(bytes) { Deterministic = true };
        body.WriteTo(output);
        output.CheckNoSpaceLeft();
        return bytes;
    }

    private static StreamChatRequest WithoutColumns(StreamChatRequest request)
    {
        var rest = request.Clone();
        rest.Message = "";
        rest.Parts.Clear();
        rest.Metadata.Clear();
        rest.SessionId = rest.ParentMessageId = rest.ClientRequestId = rest.UserId = rest.Model = "";
        return rest;
    }
}
