using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Reads what a listing tells of a message beside its own row.</summary>
internal sealed class MessageParts(SqliteConnection connection, string tenantId, string sessionId) : IDisposable
{
    private readonly Statement _steps = new(connection, Queries.StepsOfStream, "$stream");
    private readonly Statement _below = new(connection, MessageQueries.SiblingsBelow, "$parent");
    private readonly Statement _atTop = new(connection, MessageQueries.SiblingsAtTop, "$tenant", "$session");

    public IReadOnlyList<TurnStep> StepsOf(string streamId) => Queries.ReadSteps(_steps, streamId);

    /// <summary>All that follow one message, or nothing; empty: there is but one.</summary>
    public IReadOnlyList<string> SiblingsOf(string? parentId)
    {
        var siblings = new List<string>();
        using var rows = parentId is null ? _atTop.Read(tenantId, sessionId) : _below.Read(parentId);
        while (rows.Read())
        {
            siblings.Add(rows.GetString(0));
        }

        return siblings.Count > 1 ? siblings : [];
    }

    public void Dispose()
    {
        _steps.Dispose();
        _below.Dispose();
        _atTop.Dispose();
    }
}
