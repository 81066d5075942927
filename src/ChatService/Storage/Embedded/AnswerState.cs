using Chat.V1;
using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Tells of an open turn's state on its answer, where lists and watchers see it.</summary>
internal sealed class AnswerState(SqliteConnection connection) : IDisposable
{
    private readonly Statement _touchSession = new(
        connection,
        """
        UPDATE session SET revision = revision + 1
        WHERE (tenant_id, session_id) = (SELECT tenant_id, session_id FROM stream WHERE stream_id = $stream)
        """,
        "$stream");

    private readonly Statement _show = new(
        connection,
        """
        UPDATE message
        SET status = $state, revision = (
            SELECT revision FROM session
            WHERE session.tenant_id = message.tenant_id AND session.session_id = message.session_id)
        WHERE message_id = (SELECT message_id FROM stream WHERE stream_id = $stream)
        """,
        "$state", "$stream");

    public void Show(string streamId, StreamState state)
    {
        _ = _touchSession.Run(streamId);
        _ = _show.Run((int)state, streamId);
    }

    public void Dispose()
    {
        _touchSession.Dispose();
        _show.Dispose();
    }
}
