using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace ChatGrpc.Storage.Postgres;

/// <summary>Values for $1, $2, … in their order.</summary>
internal static class Parameters
{
    public static void Add(this NpgsqlBatch batch, string sql, Action<NpgsqlParameterCollection> bind)
    {
        var command = new NpgsqlBatchCommand(sql);
        bind(command.Parameters);
        batch.BatchCommands.Add(command);
    }

    public static NpgsqlParameterCollection Give<T>(this NpgsqlParameterCollection parameters, T value)
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return parameters;
    }

    /// <summary>Where the type of the value leaves two types of the database.</summary>
    public static NpgsqlParameterCollection Give<T>(
        this NpgsqlParameterCollection parameters, T value, NpgsqlDbType type)
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return parameters;
    }

    /// <summary>Milliseconds, as the contract's times; what is finer is cut off and not rounded.</summary>
    public static DateTime ToDatabase(this DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()).UtcDateTime;

    public static DateTimeOffset GetTime(this NpgsqlDataReader row, int column) =>
        new(row.GetFieldValue<DateTime>(column));

    public static List<T> GetMessages<T>(this NpgsqlDataReader row, int column)
        where T : IMessage<T>, new() => [.. LengthPrefixed.Decode<T>(row.GetFieldValue<byte[]>(column))];

    public static string? GetText(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
