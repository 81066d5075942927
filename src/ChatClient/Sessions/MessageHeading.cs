using Chat.V1;

namespace ChatGrpc.Client.Sessions;

/// <summary>The line above a message: who says it, when, and where its turn stands.</summary>
internal static class MessageHeading
{
    /// <param name="note">What else there is to say, with a comma before it.</param>
    public static string Of(Message message, TimeZoneInfo zone, string note = "")
    {
        var author = message.Author.Length > 0 ? message.Author : "you";
        var state = message.State switch
        {
            StreamState.Completed => "",
            StreamState.Cancelled => ", stopped",
            StreamState.Queued => ", waiting for its turn",
            StreamState.Running or StreamState.Waiting => ", still answering",
            StreamState.Interrupted => ", interrupted",
            _ => ", failed",
        };
        return $"# {author}, {SessionTable.Shown(message.CreateTime, zone)}{note}{state}";
    }
}
