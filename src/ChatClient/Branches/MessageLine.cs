using ChatGrpc.Client.Sessions;

namespace ChatGrpc.Client.Branches;

/// <summary>A message in a line: who said it, when, and how it begins.</summary>
internal static class MessageLine
{
    public static string Of(MessageNode message, TimeZoneInfo zone) =>
        $"{message.Author}, {SessionTable.Shown(message.Time, zone)}: {message.Beginning}";
}
