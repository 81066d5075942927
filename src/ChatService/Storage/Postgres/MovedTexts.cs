using Chat.V1;
using ChatGrpc.Storage.Moving;
using Npgsql;
using NpgsqlTypes;

namespace ChatGrpc.Storage.Postgres;

/// <summary>Notes the texts of a session while it is copied, and enters them in the index of searches.</summary>
internal sealed class MovedTexts
{
    private const string Numbers =
        "SELECT search_scopes($1, $2), ARRAY(SELECT nextval('search_number') FROM generate_series(1, $3))";

    private readonly List<Text> _texts = [];
    private readonly HashSet<string> _openStreams = [];

    /// <summary>The same rows.</summary>
    public async IAsyncEnumerable<object?[]> NoteAsync(MovedTable table, IAsyncEnumerable<object?[]> rows)
    {
        await foreach (var row in rows)
        {
            switch (table.Name)
            {
                case "session":
                    _texts.Add(new Text("", "", IsAnswer: false, SearchQueries.TokensOf((string)Get("title"))));
                    break;
                case "message":
                    var isAnswer = (MessageRole)(long)Get("role") == MessageRole.Assistant;
                    _texts.Add(new Text(
                        (string)Get("message_id"), (string)Get("stream_id"), isAnswer,
                        TokensOf((byte[])Get("parts"))));
                    break;
                case "stream" when (StreamState)(long)Get("state")
                    is StreamState.Queued or StreamState.Running or StreamState.Waiting:
                    _ = _openStreams.Add((string)Get("stream_id"));
                    break;
            }

            yield return row;

            object Get(string column) => row[table.IndexOf(column)]!;
        }
    }

    /// <summary>
    /// The title first, then the messages in their order. Of an open turn the message waits for its end, without a
    /// number, and the answer is not entered before it.
    /// </summary>
    public async Task EnterAsync(
        NpgsqlConnection connection, SessionKey session, CancellationToken cancellationToken)
    {
        var entered = _texts.Where(text => !(text.IsAnswer && _openStreams.Contains(text.StreamId))).ToArray();
        var (scopes, numbers) = await TakeNumbersAsync(connection, session, entered.Length, cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY search_entry (tenant_id, session_id, message_id, number, tokens) FROM STDIN (FORMAT binary)",
            cancellationToken);
        for (var i = 0; i < entered.Length; i++)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(session.TenantId, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(session.SessionId, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(entered[i].MessageId, NpgsqlDbType.Text, cancellationToken);
            await (_openStreams.Contains(entered[i].StreamId)
                ? copy.WriteNullAsync(cancellationToken)
                : copy.WriteAsync(numbers[i], NpgsqlDbType.Bigint, cancellationToken));
            int[] tokens = [.. entered[i].Tokens, .. scopes];
            await copy.WriteAsync(tokens, NpgsqlDbType.Array | NpgsqlDbType.Integer, cancellationToken);
        }

        _ = await copy.CompleteAsync(cancellationToken);
    }

    private static async Task<(int[] Scopes, long[] Numbers)> TakeNumbersAsync(
        NpgsqlConnection connection, SessionKey session, int count, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Numbers, connection);
        _ = command.Parameters.Give(session.TenantId).Give(session.SessionId).Give(count);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        _ = await row.ReadAsync(cancellationToken);
        return (row.GetFieldValue<int[]>(0), row.GetFieldValue<long[]>(1));
    }

    private static int[] TokensOf(byte[] parts) => SearchQueries.TokensOf(LengthPrefixed.Decode<Part>(parts));

    private sealed record Text(string MessageId, string StreamId, bool IsAnswer, int[] Tokens);
}
