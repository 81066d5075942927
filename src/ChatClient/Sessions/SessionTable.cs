using System.Globalization;
using Chat.V1;
using Google.Protobuf.WellKnownTypes;

namespace ChatGrpc.Client.Sessions;

/// <summary>Sessions as lines to read: the ones with a running turn marked, then id, last change and title.</summary>
internal sealed class SessionTable(TimeZoneInfo zone)
{
    public IEnumerable<string> Lines(IReadOnlyCollection<Session> sessions)
    {
        var ids = sessions.Select(session => session.SessionId.Length).DefaultIfEmpty().Max();
        return sessions.Select(session =>
            $"{(session.RunningStreamId.Length > 0 ? "*" : " ")} {session.SessionId.PadRight(ids)}  "
            + $"{Shown(session.UpdateTime, zone)}  {session.Title}");
    }

    /// <summary>To the minute: what a person looks for in a list.</summary>
    public static string Shown(Timestamp time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), zone)
            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
