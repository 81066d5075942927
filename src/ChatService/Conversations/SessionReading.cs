using System.Runtime.CompilerServices;
using ChatGrpc.Model;
using ChatGrpc.Storage;
using ChatGrpc.Turns;

namespace ChatGrpc.Conversations;

/// <summary>
/// Reads a session from its first message to the one that was its newest when the reading began, in pages: messages
/// stay as they are once their turn has ended, so the pages fit together.
/// </summary>
internal sealed class SessionReading
{
    private const int Page = 200;
    private const long MaxPageBytes = 1024 * 1024;

    private readonly IChatStore _store;
    private readonly string _tenantId;
    private readonly string _branchMessageId;
    private readonly long _lastOrdinal;

    private SessionReading(
        IChatStore store, string tenantId, string branchMessageId, SessionRecord session, long lastOrdinal)
    {
        _store = store;
        _tenantId = tenantId;
        _branchMessageId = branchMessageId;
        _lastOrdinal = lastOrdinal;
        Session = session;
    }

    /// <summary>As it was when the reading began.</summary>
    public SessionRecord Session { get; }

    /// <summary>It has that many messages at most: all branches of it, so many exactly.</summary>
    public long MaxCount => _lastOrdinal;

    /// <summary>Why the messages ended before the last one; null: they did not.</summary>
    public Failure? Failure { get; private set; }

    /// <param name="branchMessageId">The last message of the branch to read; empty: all branches are.</param>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public static async Task<(SessionReading? Reading, Failure? Failure)> OpenAsync(
        IChatStore store, string tenantId, string sessionId, string branchMessageId,
        CancellationToken cancellationToken)
    {
        var newest = new MessageQuery(null, NewestFirst: true, Limit: 1, MaxPageBytes)
        {
            BranchMessageId = branchMessageId,
            WithSiblings = false,
        };
        var page = await store.ListMessagesAsync(tenantId, sessionId, newest, cancellationToken);
        return page switch
        {
            null => (null, SessionDeletion.NotFound),
            { Messages: [var last] } => (
                new SessionReading(store, tenantId, branchMessageId, page.Session, last.Ordinal), null),
            _ => (null, StartFailures.MessageNotFound(branchMessageId)),
        };
    }

    /// <exception cref="StoreException">The store cannot be reached.</exception>
    public async IAsyncEnumerable<ListedMessage> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; after < _lastOrdinal;)
        {
            var query = new MessageQuery(after, NewestFirst: false, Page, MaxPageBytes)
            {
                BranchMessageId = _branchMessageId,
                WithSiblings = false,
            };
            var page = await _store.ListMessagesAsync(_tenantId, Session.SessionId, query, cancellationToken);
            if (page is not { Messages: [.., var last] } || page.Session.CreatedAt != Session.CreatedAt)
            {
                Failure = SessionDeletion.NotFound;
                yield break;
            }

            foreach (var message in page.Messages.Where(message => message.Ordinal <= _lastOrdinal))
            {
                yield return message;
            }

            after = last.Ordinal;
        }
    }
}
