using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ChatGrpc.Storage;

namespace ChatGrpc.Endpoints;

/// <summary>
/// Where a page of one listing ended, as text that a client hands back: base64url of a version, two numbers, a name and
/// a checksum. The checksum covers the tenant and the listing too, so that a token of another one, or one that was
/// changed on its way, is told from a good one. It is no secret: whoever forges one reaches only what is theirs.
/// </summary>
internal sealed class PageToken
{
    private const byte Version = 1;
    private const int ChecksumBytes = 8;
    private const int FixedBytes = 1 + (2 * sizeof(long)) + ChecksumBytes;

    // A session's id has at most 128 bytes.
    private const int MaxCharacters = (FixedBytes + 128 + 2) / 3 * 4;

    private readonly byte[] _listing;

    private PageToken(params string[] listing) => _listing = Encoding.UTF8.GetBytes(string.Join('\0', listing));

    public static PageToken OfSessions(string tenantId) => new("sessions", tenantId);

    public static PageToken OfMessages(string tenantId, string sessionId, bool newestFirst) =>
        new(newestFirst ? "messages, newest first" : "messages", tenantId, sessionId);

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

    // Null: no calendar has it, so this service never wrote it.
    private static DateTimeOffset? Time(long milliseconds) =>
        milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private string Write(long first, long second, string name)
    {
        var bytes = new byte[FixedBytes + Encoding.UTF8.GetByteCount(name)];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), first);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1 + sizeof(long)), second);
        Encoding.UTF8.GetBytes(name, bytes.AsSpan(1 + (2 * sizeof(long))));
        Checksum(bytes.AsSpan(0, bytes.Length - ChecksumBytes)).CopyTo(bytes.AsSpan(bytes.Length - ChecksumBytes));
        return Base64Url.EncodeToString(bytes);
    }

    private (long First, long Second, string Name)? Read(string token)
    {
        if (token.Length > MaxCharacters || !Base64Url.IsValid(token))
        {
            return null;
        }

        // There is one way to write a token; white space, padding and spare bits make others of it.
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < FixedBytes || bytes[0] != Version || Base64Url.EncodeToString(bytes) != token)
        {
            return null;
        }

        var content = bytes.AsSpan(0, bytes.Length - ChecksumBytes);
        if (!bytes.AsSpan(bytes.Length - ChecksumBytes).SequenceEqual(Checksum(content)))
        {
            return null;
        }

        return (
            BinaryPrimitives.ReadInt64BigEndian(content[1..]),
            BinaryPrimitives.ReadInt64BigEndian(content[(1 + sizeof(long))..]),
            Encoding.UTF8.GetString(content[(1 + (2 * sizeof(long)))..]));
    }

    private ReadOnlySpan<byte> Checksum(ReadOnlySpan<byte> content) =>
        SHA256.HashData([.. _listing, 0, .. content]).AsSpan(0, ChecksumBytes);
}

/// <summary>A place among a session's messages: that one was the last given.</summary>
/// <param name="SessionCreatedAt">Tells the session from a later one of the same id.</param>
internal sealed record MessagePlace(long Ordinal, DateTimeOffset SessionCreatedAt);
