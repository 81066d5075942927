using Chat.V1;
using ChatGrpc.Client.Rendering;
using Google.Protobuf;
using Grpc.Core;

namespace ChatGrpc.Client.Sessions;

/// <summary>Lists, shows, renames and deletes the sessions of a service.</summary>
/// <param name="json">Sessions and messages are printed as lines of JSON.</param>
internal sealed class SessionDesk(ChatConnection connection, Terminal terminal, TimeZoneInfo zone, bool json)
{
    // The contract's largest page: a long listing in few calls.
    private const int PageSize = 200;

    private readonly SessionTable _table = new(zone);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(Func<SessionDesk, Task> action)
    {
        try
        {
            await action(this);
            return ExitCodes.Ok;
        }
        catch (RpcException failure)
        {
            foreach (var line in Failures.Describe(failure, connection.Server, answering: false))
            {
                terminal.WriteError(line);
            }

            return (int)failure.StatusCode;
        }
    }

    public async Task ListAsync(CancellationToken cancellationToken)
    {
        var request = new ListSessionsRequest { PageSize = PageSize };
        do
        {
            var page = await connection.Sessions.ListSessionsAsync(request, cancellationToken: cancellationToken);
            Print(page.Sessions, _table.Lines);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    public async Task ShowAsync(string session, CancellationToken cancellationToken)
    {
        var request = new ListMessagesRequest { SessionId = session, PageSize = PageSize };
        var transcript = new Transcript(zone);
        do
        {
            var page = await connection.Sessions.ListMessagesAsync(request, cancellationToken: cancellationToken);
            Print(page.Messages, transcript.Lines);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    public async Task RenameAsync(string session, string title, CancellationToken cancellationToken)
    {
        var renamed = await connection.Sessions.RenameSessionAsync(
            new RenameSessionRequest { SessionId = session, Title = title }, cancellationToken: cancellationToken);
        Print([renamed.Session], _table.Lines);
    }

    public async Task DeleteAsync(string session, CancellationToken cancellationToken)
    {
        _ = await connection.Sessions.DeleteSessionAsync(
            new DeleteSessionRequest { SessionId = session }, cancellationToken: cancellationToken);
        terminal.WriteNotice($"{session} is deleted.");
    }

    private void Print<T>(IReadOnlyCollection<T> found, Func<IReadOnlyCollection<T>, IEnumerable<string>> lines)
        where T : IMessage
    {
        foreach (var line in json ? found.Select(one => JsonFormatter.Default.Format(one)) : lines(found))
        {
            terminal.WriteLine(line);
        }
    }
}
