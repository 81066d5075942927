using Microsoft.Data.Sqlite;

namespace ChatGrpc.Storage.Embedded;

/// <summary>Reads what a listing tells of a message beside its own row.</summary>
internal sealed class MessageParts(
    SqliteConnection connection, string tenantId, string sessionId, bool withSiblings) : IDisposable
{
    private readonly Statement _steps = new(connection, Queries.StepsOfStream, "$stream");
    private readonly Statement _below = new(connection, MessageQueries.SiblingsBelow, "$parent", "$ordinal", "$side");
    private readonly Statement _atTop = new(
        connection, MessageQueries.SiblingsAtTop, "$tenant", "$session", "$ordinal", "$side");

    public IReadOnlyList<TurnStep> StepsOf(string streamId) => Queries.ReadSteps(_steps, streamId);

    /// <summary>The nearest that follow one message, or nothing; empty: there is but one.</summary>
    public IReadOnlyList<string> SiblingsOf(string? parentId, long ordinal)
    {
        if (!withSiblings)
        {
            return [];
        }

        const int Side = MessageQuery.SiblingsEachSide;
        var siblings = new List<string>();
        using var rows = parentId is null
            ? _atTop.Read(tenantId, sessionId, ordinal, Side)
            : _below.Read(parentId, ordinal, Side);
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
