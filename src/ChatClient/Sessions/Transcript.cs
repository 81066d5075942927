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
            var branch = message.ParentMessageId == _last ? "" : ", in another branch";
            yield return MessageHeading.Of(message, zone, branch);
            foreach (var part in message.Parts)
            {
                yield return Shown(part);
            }

            yield return "";
            _last = message.MessageId;
        }
    }

    /// <summary>Text as it is; of a picture what it is.</summary>
    public static string Shown(Part part) => part.ContentCase == Part.ContentOneofCase.Image
        ? $"[{part.Image.MediaType}, {part.Image.Data.Length:N0} bytes]"
        : part.Text;
}
