using Chat.V1;
using ChatGrpc.Client.Branches;
using ChatGrpc.Client.Documents;
using ChatGrpc.Client.Tools;

namespace ChatGrpc.Client.Sessions;

/// <summary>
/// Messages as lines to read: of each who said it and when, the end of its id, what it says, and an empty line.
/// </summary>
internal sealed class Transcript(TimeZoneInfo zone)
{
    private string _last = "";

    /// <param name="messages">What follows the messages of the call before.</param>
    public IEnumerable<string> Lines(IReadOnlyCollection<Message> messages)
    {
        foreach (var message in messages)
        {
            var note = message.ParentMessageId == _last ? "" : ", in another branch";
            yield return $"{MessageHeading.Of(message, zone, note + Beside(message))} "
                + $"({MessageName.Of(message.MessageId)})";
            foreach (var line in Content(message))
            {
                yield return line;
            }

            yield return "";
            _last = message.MessageId;
        }
    }

    /// <summary>The tools that were called, what is said, and the documents.</summary>
    public static IEnumerable<string> Content(Message message)
    {
        var results = message.ToolResults.ToList();
        foreach (var call in message.ToolCalls)
        {
            // An id may stand there twice, and so do its results, in the same order.
            var at = results.FindIndex(result => result.Id == call.Id);
            var ending = at < 0 ? "not finished" : CallLine.Ended(results[at]);
            if (at >= 0)
            {
                results.RemoveAt(at);
            }

            yield return $"[{CallLine.Asked(call)} … {ending}]";
        }

        foreach (var part in message.Parts)
        {
            yield return Shown(part);
        }

        foreach (var document in message.Documents)
        {
            yield return $"[{DocumentFolder.Describe(document)}]";
        }
    }

    // Which one of those it is that follow the same message.
    private static string Beside(Message message) => message.SiblingMessageIds.Count < 2
        ? ""
        : $", {message.SiblingMessageIds.IndexOf(message.MessageId) + 1} of {message.SiblingMessageIds.Count}";

    /// <summary>Text as it is; of a picture what it is.</summary>
    public static string Shown(Part part) => part.ContentCase == Part.ContentOneofCase.Image
        ? $"[{part.Image.MediaType}, {part.Image.Data.Length:N0} bytes]"
        : part.Text;
}
