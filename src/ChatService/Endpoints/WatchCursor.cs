using System.Buffers.Binary;
using ChatGrpc.Watching;

namespace ChatGrpc.Endpoints;

/// <summary>How far a watcher of one session has come, as text that it hands back.</summary>
internal sealed class WatchCursor(string tenantId, string sessionId)
{
    private const byte Version = 1;

    // The session's part: version, revision, creation. The turn's follows: id, epoch, sequence.
    private const int SessionBytes = 1 + (2 * sizeof(long));
    private const int IdBytes = 16;
    private const int MaxBytes = SessionBytes + IdBytes + (2 * sizeof(long));

    private readonly CheckedText _text = new(MaxBytes, "watch", tenantId, sessionId);

    public string Write(WatchPlace place)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], place.Revision);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + sizeof(long))..], place.SessionCreatedAt);
        if (place.StreamId is null)
        {
            return _text.Write(bytes[..SessionBytes]);
        }

        var turn = bytes[SessionBytes..];
        _ = Guid.Parse(place.StreamId).TryWriteBytes(turn);
        BinaryPrimitives.WriteInt64BigEndian(turn[IdBytes..], place.Epoch);
        BinaryPrimitives.WriteInt64BigEndian(turn[(IdBytes + sizeof(long))..], place.Sequence);
        return _text.Write(bytes);
    }

    /// <summary>Null: it is no cursor of this session.</summary>
    public WatchPlace? Read(string cursor)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        var length = _text.Read(cursor, bytes);
        if (length is not (SessionBytes or MaxBytes) || bytes[0] != Version)
        {
            return null;
        }

        var place = new WatchPlace(
            BinaryPrimitives.ReadInt64BigEndian(bytes[1..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + sizeof(long))..]));
        var turn = bytes[SessionBytes..];
        return length == SessionBytes ? place : place with
        {
            StreamId = new Guid(turn[..IdBytes]).ToString(),
            Epoch = BinaryPrimitives.ReadInt64BigEndian(turn[IdBytes..]),
            Sequence = BinaryPrimitives.ReadInt64BigEndian(turn[(IdBytes + sizeof(long))..]),
        };
    }
}
