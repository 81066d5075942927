using Chat.V1;

namespace ChatGrpc.Client.Sessions;

/// <summary>Messages as lines to read: of each who said it and when, what it says, and an empty line.</summary>
internal sealed class Transcript(TimeZoneInfo zone)
{
    private string _last = "";

    /// <param name="messages">What follows the messages of the call before.</param>
    public IEnumerable<string> Lines(IReadOnlyCollection<Message> messages)
    {
        foreach (var message in messages)
        {
            yield return Heading(message);
            foreach (var part in message.Parts)
            {
                yield return part.ContentCase == Part.ContentOneofCase.Image
                    ? $"[{part.Image.MediaType}, {part.Image.Data.Length:N0} bytes]"
                    : part.Text;
            }

            yield return "";
            _last = message.MessageId;
        }
    }

    private string Heading(Message message)
    {
        var author = message.Author.Length > 0 ? message.Author : "you";
        var branch = message.ParentMessageId == _last ? "" : ", in another branch";
        var state = message.State switch
        {
            StreamState.Completed => "",
            StreamState.Cancelled => ", stopped",
            StreamState.Running or StreamState.Waiting => ", still answering",
            StreamState.Interrupted => ", interrupted",
            _ => ", failed",
        };
        return $"# {author}, {SessionTable.Shown(message.CreateTime, zone)}{branch}{state}";
    }
}
