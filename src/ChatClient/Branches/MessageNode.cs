using Chat.V1;
using ChatGrpc.Client.Tools;
using Google.Protobuf.WellKnownTypes;

namespace ChatGrpc.Client.Branches;

/// <summary>A message of a tree: what is needed to find it and to know it again.</summary>
/// <param name="Beginning">A line of what it says.</param>
internal sealed record MessageNode(
    string Id, string Parent, MessageRole Role, string Author, Timestamp Time, string Beginning)
{
    // With author and time before it this fills a line of a terminal.
    private const int MaxBeginning = 60;

    public static MessageNode Of(Message message)
    {
        var text = string.Join(' ', message.Parts.Select(part => part.Text));
        var beginning = CallLine.Cut(text, MaxBeginning);
        return new MessageNode(
            message.MessageId,
            message.ParentMessageId,
            message.Role,
            message.Author.Length > 0 ? message.Author : "you",
            message.CreateTime,
            beginning.Length > 0 ? beginning : "(no text)");
    }
}
