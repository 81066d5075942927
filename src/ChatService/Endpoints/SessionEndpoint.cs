using Chat.V1;
using ChatGrpc.Conversations;
using ChatGrpc.Security;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Search;
using ChatGrpc.Turns;
using ChatGrpc.Watching;
using Grpc.Core;

namespace ChatGrpc.Endpoints;

/// <summary>chat.v1.SessionService: the caller's conversations and what is in them.</summary>
internal sealed partial class SessionEndpoint(
    IChatStore store, SessionDeletion deletion, SessionImport import, SessionFork fork, SessionWatching watching,
    SessionSignals signals, Admission admission, TimeProvider time)
    : SessionService.SessionServiceBase
{
    private const int DefaultPage = 50;
    private const int DefaultFound = 20;

    // A page that a browser shows at once; below the 4 MiB that clients take of a message unless they are told.
    private const long MaxPageBytes = 1024 * 1024;

    // What a search reads at once where much is found: stores stop at 32 MiB.
    private const long SearchBytes = 32 * 1024 * 1024;

    public override Task<GetSessionResponse> GetSession(GetSessionRequest request, ServerCallContext context) =>
        AnswerAsync(SessionRules.Check(request), context, async (tenant, cancellationToken) =>
        {
            var found = await store.FindSessionAsync(tenant, request.SessionId, cancellationToken);
            return new GetSessionResponse { Session = SessionAnswers.Of(Existing(found)) };
        });

    public override Task<ListSessionsResponse> ListSessions(ListSessionsRequest request, ServerCallContext context) =>
        AnswerAsync(SessionRules.Check(request), context, async (tenant, cancellationToken) =>
        {
            var listing = PageToken.OfSessions(tenant);
            var after = request.PageToken.Length == 0 ? null
                : listing.ReadSessions(request.PageToken) ?? throw FailureStatus.Of(SessionRules.ForeignPageToken);
            var page = await store.ListSessionsAsync(
                tenant, after, request.HasPageSize ? request.PageSize : DefaultPage, cancellationToken);
            return new ListSessionsResponse
            {
                Sessions = { page.Sessions.Select(SessionAnswers.Of) },
                NextPageToken = page.HasMore ? listing.WriteSessions(page.Sessions[^1]) : "",
            };
        });

    public override Task<RenameSessionResponse> RenameSession(
        RenameSessionRequest request, ServerCallContext context) =>
        AnswerAsync(SessionRules.Check(request), context, async (tenant, cancellationToken) =>
        {
            var renamed = await store.RenameSessionAsync(
                tenant, request.SessionId, request.Title, time.GetUtcNow(), cancellationToken);
            signals.Changed(tenant, request.SessionId);
            return new RenameSessionResponse { Session = SessionAnswers.Of(Existing(renamed)) };
        });

    public override Task<DeleteSessionResponse> DeleteSession(
        DeleteSessionRequest request, ServerCallContext context) =>
        AnswerAsync(SessionRules.Check(request), context, async (tenant, cancellationToken) =>
        {
            (await deletion.RunAsync(tenant, request.SessionId, cancellationToken)).ThrowIfFailed();
            return new DeleteSessionResponse();
        });

    public override Task<ListMessagesResponse> ListMessages(ListMessagesRequest request, ServerCallContext context) =>
        AnswerAsync(SessionRules.Check(request), context, async (tenant, cancellationToken) =>
        {
            var listing = PageToken.OfMessages(
                tenant, request.SessionId, request.NewestFirst, request.BranchMessageId);
            var after = request.PageToken.Length == 0 ? null
                : listing.ReadMessages(request.PageToken) ?? throw FailureStatus.Of(SessionRules.ForeignPageToken);
            var size = request.HasPageSize ? request.PageSize : DefaultPage;
            var query = new MessageQuery(after?.Ordinal, request.NewestFirst, size, MaxPageBytes)
            {
                BranchMessageId = request.BranchMessageId,
            };
            var page = Existing(
                await store.ListMessagesAsync(tenant, request.SessionId, query, cancellationToken));
            if (after is not null && after.SessionCreatedAt != page.Session.CreatedAt)
            {
                throw FailureStatus.Of(SessionRules.ForeignPageToken);
            }

            // A branch has at least the message with which it ends.
            if (after is null && page.Messages.Count == 0 && request.BranchMessageId.Length > 0)
            {
                throw FailureStatus.Of(StartFailures.MessageNotFound(request.BranchMessageId));
            }

            return new ListMessagesResponse
            {
                Messages = { page.Messages.Select(SessionAnswers.Of) },
                NextPageToken = page.HasMore ? listing.WriteMessages(page.Messages[^1], page.Session) : "",
            };
        });

    public override Task<SelectBranchResponse> SelectBranch(SelectBranchRequest request, ServerCallContext context) =>
        AnswerAsync(SessionRules.Check(request), context, async (tenant, cancellationToken) =>
        {
            var selected = await store.SelectBranchAsync(
                tenant, request.SessionId, request.MessageId, cancellationToken);
            var session = Existing(selected.Session);
            if (!selected.HasMessage)
            {
                throw FailureStatus.Of(StartFailures.MessageNotFound(request.MessageId));
            }

            signals.Changed(tenant, request.SessionId);
            return new SelectBranchResponse { Session = SessionAnswers.Of(session) };
        });

    public override Task<SearchMessagesResponse> SearchMessages(
        SearchMessagesRequest request, ServerCallContext context) =>
        AnswerAsync(SessionRules.Check(request, out var terms), context, async (tenant, cancellationToken) =>
        {
            var listing = PageToken.OfSearch(tenant, request);
            var before = request.PageToken.Length == 0 ? default(long?)
                : listing.ReadSearch(request.PageToken) ?? throw FailureStatus.Of(SessionRules.ForeignPageToken);
            if (request.SessionId.Length > 0)
            {
                _ = Existing(await store.FindSessionAsync(tenant, request.SessionId, cancellationToken));
            }

            using var place = admission.TryHold(SearchBytes) ?? throw FailureStatus.Of(TurnFailures.Overloaded);
            var query = new SearchQuery(
                terms, request.SessionId, before, request.HasPageSize ? request.PageSize : DefaultFound);
            var page = await store.SearchAsync(tenant, query, cancellationToken);
            return new SearchMessagesResponse
            {
                Hits = { page.Found.Select(found => SessionAnswers.Of(found, terms)) },
                NextPageToken = page.Next is { } next ? listing.WriteSearch(next) : "",
            };
        });

    public override async Task WatchSession(
        WatchSessionRequest request, IServerStreamWriter<WatchSessionResponse> responseStream,
        ServerCallContext context)
    {
        var tenant = context.Caller().TenantId;
        WatchedSessions.Read(tenant, request, out var sessions).ThrowIfFailed();
        using var place = admission.TryEnter() ?? throw FailureStatus.Of(TurnFailures.Overloaded);
        using var watcher = watching.Open(tenant, sessions.Starts);

        // It may be quiet for long: the caller learns now that it has been heard.
        await context.WriteResponseHeadersAsync([]);
        await foreach (var update in watcher.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(sessions.Answer(update), context.CancellationToken);
        }

        watcher.Failure.ThrowIfFailed();
    }

    private static T Existing<T>(T? found)
        where T : class => found ?? throw FailureStatus.Of(SessionDeletion.NotFound);

    private static async Task<T> AnswerAsync<T>(
        Model.Failure? invalid, ServerCallContext context, Func<string, CancellationToken, Task<T>> answer)
    {
        invalid.ThrowIfFailed();
        try
        {
            return await answer(context.Caller().TenantId, context.CancellationToken);
        }
        catch (StoreException)
        {
            throw FailureStatus.Of(TurnFailures.StoreAway);
        }
    }
}
