using System.Buffers.Binary;
using System.Text;
using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Endpoints;

/// <summary>
/// Where a page of one listing ended, as text that a client hands back: a version, two numbers and a name.
/// </summary>
internal sealed class PageToken
{
    private const byte Version = 1;
    private const int FixedBytes = 1 + (2 * sizeof(long));

    // A session's id has at most 128 bytes.
    private const int MaxBytes = FixedBytes + 128;

    private readonly CheckedText _text;

    private PageToken(params string[] listing) => _text = new CheckedText(MaxBytes, listing);

    public static PageToken OfSessions(string tenantId) => new("sessions", tenantId);

    /// <param name="branchMessageId">Empty: it is a listing of all branches.</param>
    public static PageToken OfMessages(
        string tenantId, string sessionId, bool newestFirst, string branchMessageId = "") =>
        new([
            newestFirst ? "messages, newest first" : "messages", tenantId, sessionId,
            .. branchMessageId.Length > 0 ? [branchMessageId] : Array.Empty<string>(),
        ]);

    public static PageToken OfSearch(string tenantId, SearchMessagesRequest request) =>
        new("search", tenantId, request.SessionId, request.Query);

    public string WriteSessions(SessionRecord last) =>
        Write(last.UpdatedAt.ToUnixTimeMilliseconds(), 0, last.SessionId);

    /// <summary>Null: it is no token of this listing; so for messages.</summary>
    public SessionPlace? ReadSessions(string token) =>
        Read(token) is var (updatedAt, _, sessionId) && Time(updatedAt) is { } time
            ? new SessionPlace(time, sessionId)
            : null;

    public string WriteMessages(ListedMessage last, SessionRecord session) =>
        Write(last.Ordinal, session.CreatedAt.ToUnixTimeMilliseconds(), "");

    public MessagePlace? ReadMessages(string token) =>
        Read(token) is var (ordinal, createdAt, _) && Time(createdAt) is { } time
            ? new MessagePlace(ordinal, time)
            : null;

    public string WriteSearch(long next) => Write(next, 0, "");

    /// <summary>Where the page begins; null: it is no token of this search.</summary>
    public long? ReadSearch(string token) => Read(token)?.First;

    // Null: no calendar has it, so this service never wrote it.
    private static DateTimeOffset? Time(long milliseconds) =>
        milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private string Write(long first, long second, string name)
    {
        Span<byte> bytes = stackalloc byte[FixedBytes + Encoding.UTF8.GetByteCount(name)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes[1..], first);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(1 + sizeof(long))..], second);
        _ = Encoding.UTF8.GetBytes(name, bytes[FixedBytes..]);
        return _text.Write(bytes);
    }

    private (long First, long Second, string Name)? Read(string token)
    {
        Span<byte> bytes = stackalloc byte[MaxBytes];
        if (_text.Read(token, bytes) is not (>= FixedBytes and var length) || bytes[0] != Version)
        {
            return null;
        }

        return (
            BinaryPrimitives.ReadInt64BigEndian(bytes[1..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[(1 + sizeof(long))..]),
            Encoding.UTF8.GetString(bytes[FixedBytes..length]));
    }
}

/// <summary>A place among a session's messages: that one was the last given.</summary>
/// <param name="SessionCreatedAt">Tells the session from a later one of the same id.</param>
internal sealed record MessagePlace(long Ordinal, DateTimeOffset SessionCreatedAt);
