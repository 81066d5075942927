using System.Runtime.CompilerServices;
using Chat.V1;

namespace ChatGrpc.Client.Sessions;

/// <summary>Reads the messages of sessions.</summary>
internal sealed class SessionMessages(SessionService.SessionServiceClient sessions)
{
    // The contract's largest page: a long listing in few calls.
    private const int PageSize = 200;

    /// <summary>All pages of a listing. Pages have the largest size, if the request does not say another.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Message>> PagesAsync(
        ListMessagesRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        request.PageSize = request.HasPageSize ? request.PageSize : PageSize;
        do
        {
            var page = await sessions.ListMessagesAsync(request, cancellationToken: cancellationToken);
            yield return page.Messages;
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    /// <summary>The message with which the session goes on.</summary>
    public async Task<string> HeadAsync(string session, CancellationToken cancellationToken)
    {
        var found = await sessions.GetSessionAsync(
            new GetSessionRequest { SessionId = session }, cancellationToken: cancellationToken);
        return found.Session.HeadMessageId;
    }

    /// <summary>The last message of a branch of which that holds; null: of none.</summary>
    /// <param name="end">The message with which the branch ends.</param>
    public async Task<Message?> LastAsync(
        string session, string end, Predicate<Message> holds, CancellationToken cancellationToken)
    {
        // Few pages hold more than is looked for: an answer and its question are the last two messages.
        var request = new ListMessagesRequest
        {
            SessionId = session,
            BranchMessageId = end,
            NewestFirst = true,
            PageSize = 2,
        };
        await foreach (var page in PagesAsync(request, cancellationToken))
        {
            if (page.FirstOrDefault(message => holds(message)) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
