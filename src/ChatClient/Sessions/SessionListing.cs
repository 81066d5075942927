using System.Runtime.CompilerServices;
using Chat.V1;

namespace ChatGrpc.Client.Sessions;

/// <summary>Reads the list of sessions.</summary>
internal static class SessionListing
{
    // The contract's largest page: a long listing in few calls.
    private const int PageSize = 200;

    public static async IAsyncEnumerable<IReadOnlyList<Session>> PagesAsync(
        SessionService.SessionServiceClient sessions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListSessionsRequest { PageSize = PageSize };
        do
        {
            var page = await sessions.ListSessionsAsync(request, cancellationToken: cancellationToken);
            yield return page.Sessions;
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }
}
