using Chat.V1;
using ChatGrpc.Client.Rendering;
using Google.Protobuf;

namespace ChatGrpc.Client.Search;

/// <summary>Searches the conversations of a service.</summary>
/// <param name="json">Hits are printed as lines of JSON.</param>
internal sealed class SearchDesk(ChatConnection connection, Terminal terminal, TimeZoneInfo zone, bool json)
{
    // The contract's largest page.
    private const int MaxPage = 100;

    /// <param name="session">The one in which is searched; empty: all.</param>
    /// <param name="limit">How many are shown.</param>
    /// <returns>The exit code. That nothing is found is an answer.</returns>
    public async Task<int> SearchAsync(
        string query, string session, int limit, CancellationToken cancellationToken)
    {
        var request = new SearchMessagesRequest { Query = query, SessionId = session };
        var found = 0;
        do
        {
            request.PageSize = Math.Min(MaxPage, limit - found);
            var page = await connection.Sessions.SearchMessagesAsync(request, cancellationToken: cancellationToken);
            foreach (var hit in page.Hits)
            {
                Print(hit);
            }

            found += page.Hits.Count;
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && found < limit);

        if (found == 0)
        {
            terminal.WriteNotice("Nothing was found.");
        }
        else if (request.PageToken.Length > 0)
        {
            terminal.WriteNotice($"There are more than these {found}; --limit says how many are shown.");
        }

        return ExitCodes.Ok;
    }

    private void Print(SearchHit hit)
    {
        if (json)
        {
            terminal.WriteLine(JsonFormatter.Default.Format(hit));
            return;
        }

        terminal.WriteLine(HitLines.Heading(hit, zone));
        terminal.WriteLine(HitLines.Snippet(hit));
    }
}
