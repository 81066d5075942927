using System.Text;
using Chat.V1;
using ChatGrpc.Storage;
using Google.Protobuf;

namespace ChatGrpc.Conversations;

/// <summary>
/// A session as a file: one JSON document, the messages in their order, a line for each. Its last byte is the brace
/// that closes it: what was cut off anywhere is no JSON.
/// </summary>
internal static class SessionFile
{
    public const string Format = "chatgrpc-session";
    public const int Version = 1;

    /// <summary>A file is held in memory when it is read.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>Far more than anybody says in one conversation; they are written in one commit.</summary>
    public const int MaxMessages = 10_000;

    /// <summary>
    /// An answer of 16 MiB, as the contract has them at most, takes 22 MiB as base64; held as text twice that.
    /// </summary>
    public const int MaxMessageBytes = 32 * 1024 * 1024;

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);

    public static byte[] Head(SessionRecord session)
    {
        var told = SessionAnswers.Of(session);
        told.RunningStreamId = "";
        return Encoding.UTF8.GetBytes(
            $$"""{"format":"{{Format}}","version":{{Version}},""" + "\n"
            + $"\"session\":{Formatter.Format(told)},\n\"messages\":[");
    }

    public static byte[] Line(ListedMessage message, bool isFirst)
    {
        // Which ones stand beside it follows from the parents.
        var told = SessionAnswers.Of(message);
        told.SiblingMessageIds.Clear();
        return Encoding.UTF8.GetBytes((isFirst ? "\n" : ",\n") + Formatter.Format(told));
    }

    public static byte[] End() => "\n]}"u8.ToArray();
}
