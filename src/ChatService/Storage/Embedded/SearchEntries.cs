using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Enters what may be searched from now on, in the commit that makes it so.</summary>
internal sealed class SearchEntries(SqliteConnection connection) : IDisposable
{
    /// <summary>Lets go of what was entered for a session; a test holds it to its index.</summary>
    public const string OfSession = "tenant_id = $tenant AND session_id = $session";

    private const string OfTitle = $"{OfSession} AND message_id = ''";

    // A title is entered once, a message too: also one that is answered again.
    private readonly Statement _title = new(
        connection,
        "INSERT INTO search_entry (tenant_id, session_id, message_id) VALUES ($tenant, $session, '') "
        + "ON CONFLICT DO NOTHING",
        "$tenant", "$session");

    private readonly Statement _turn = new(
        connection,
        """
        INSERT INTO search_entry (tenant_id, session_id, message_id)
        SELECT tenant_id, session_id, user_message_id FROM stream WHERE stream_id = $stream
        UNION ALL
        SELECT tenant_id, session_id, message_id FROM stream WHERE stream_id = $stream
        ON CONFLICT DO NOTHING
        """,
        "$stream");

    private readonly Statement _message = new(
        connection,
        "INSERT INTO search_entry (tenant_id, session_id, message_id) VALUES ($tenant, $session, $message)",
        "$tenant", "$session", "$message");

    private readonly Statement _keepTitle = new(
        connection,
        $"""
        INSERT INTO search_removal (number, tenant_id, session_id, text)
        SELECT number, tenant_id, session_id,
               (SELECT title FROM session
                WHERE session.tenant_id = search_entry.tenant_id AND session.session_id = search_entry.session_id)
        FROM search_entry WHERE {OfTitle} AND is_indexed = 1
        """,
        "$tenant", "$session");

    private readonly Statement _keepMessages = new(
        connection,
        $"""
        INSERT INTO search_removal (number, tenant_id, session_id, text)
        SELECT number, tenant_id, session_id,
               (SELECT search_text(parts) FROM message WHERE message.message_id = search_entry.message_id)
        FROM search_entry WHERE {OfSession} AND message_id > '' AND is_indexed = 1
        """,
        "$tenant", "$session");

    private readonly Statement _removeTitle = new(
        connection, $"DELETE FROM search_entry WHERE {OfTitle}", "$tenant", "$session");

    private readonly Statement _removeAll = new(
        connection, $"DELETE FROM search_entry WHERE {OfSession}", "$tenant", "$session");

    public void AddTitle(string tenantId, string sessionId) => _title.Run(tenantId, sessionId);

    /// <summary>Both messages of a turn that has ended.</summary>
    public void AddTurn(string streamId) => _turn.Run(streamId);

    public void AddMessage(string tenantId, string sessionId, string messageId) =>
        _message.Run(tenantId, sessionId, messageId);

    /// <summary>To be called while the session has it still.</summary>
    public void RemoveTitle(string tenantId, string sessionId)
    {
        _ = _keepTitle.Run(tenantId, sessionId);
        _ = _removeTitle.Run(tenantId, sessionId);
    }

    /// <summary>Title and messages; to be called while they are there still.</summary>
    public void RemoveAll(string tenantId, string sessionId)
    {
        _ = _keepTitle.Run(tenantId, sessionId);
        _ = _keepMessages.Run(tenantId, sessionId);
        _ = _removeAll.Run(tenantId, sessionId);
    }

    public void Dispose()
    {
        Statement[] all =
        [
            _title, _turn, _message, _keepTitle, _keepMessages, _removeTitle, _removeAll,
        ];
        Array.ForEach(all, statement => statement.Dispose());
    }
}
