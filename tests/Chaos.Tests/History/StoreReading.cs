using System.Data.Common;
using Chat.V1;
using Google.Protobuf;

namespace Chaos.Tests.History;

/// <summary>
/// Reads the tables with queries of its own, the same for every store: what is in them is judged, not what the service
/// says of them.
/// </summary>
internal static class StoreReading
{
    private const string Streams =
        "SELECT stream_id, coalesce(request_key, ''), session_id, state, epoch, last_seq, user_message_id, message_id "
        + "FROM stream ORDER BY stream_id";

    private const string Chunks = "SELECT stream_id, epoch, body FROM stream_chunk ORDER BY stream_id, seq_first";

    private const string Messages = "SELECT message_id, stream_id, role, status, parts, session_id FROM message";

    public static async Task<Stored> ReadAsync(DbConnection connection)
    {
        var logs = (await RowsAsync(connection, Chunks, row =>
                (StreamId: row.GetString(0), Epoch: row.GetInt64(1), Body: (byte[])row.GetValue(2))))
            .ToLookup(chunk => chunk.StreamId);
        return new Stored(
            await RowsAsync(connection, Streams, row => new StoredStream(
                row.GetString(0), row.GetString(1), row.GetString(2), (StreamState)row.GetInt32(3))
            {
                Epoch = row.GetInt64(4),
                LastSequence = row.GetInt64(5),
                UserMessageId = row.GetString(6),
                MessageId = row.GetString(7),
                Log =
                [
                    .. from chunk in logs[row.GetString(0)]
                       from logged in Decode<StreamChatResponse>(chunk.Body)
                       select new StoredEvent(chunk.Epoch, logged, logged.ToByteArray()),
                ],
            }),
            await RowsAsync(connection, Messages, row => new StoredMessage(
                row.GetString(0), row.GetString(1), (MessageRole)row.GetInt32(2), (StreamState)row.GetInt32(3),
                string.Concat(Decode<Part>((byte[])row.GetValue(4)).Select(part => part.Text)), row.GetString(5))),
            await RowsAsync(connection, "SELECT session_id FROM session", row => row.GetString(0)));
    }

    private static async Task<List<T>> RowsAsync<T>(DbConnection connection, string query, Func<DbDataReader, T> row)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    // Each message after its length.
    private static IEnumerable<T> Decode<T>(byte[] blob)
        where T : IMessage<T>, new()
    {
        using var input = new CodedInputStream(blob);
        while (!input.IsAtEnd)
        {
            var message = new T();
            input.ReadMessage(message);
            yield return message;
        }
    }
}
