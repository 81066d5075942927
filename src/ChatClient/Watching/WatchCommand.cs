using System.CommandLine;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Streams;
using Google.Protobuf;

namespace ChatGrpc.Client.Watching;

/// <summary>chat watch: a session as it happens, for somebody who looks on.</summary>
internal sealed class WatchCommand
{
    private readonly Argument<string?> _session = new("session")
    {
        Description = "The session's id; it need not exist yet. Default: the last one of this client.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly ConsoleEnvironment _environment;
    private readonly Func<string, int> _misused;

    public WatchCommand(
        ConsoleEnvironment environment,
        Func<ParseResult, Func<AnswerDesk, Task<int>>, Task<int>> run,
        Func<string, int> misused)
    {
        (_environment, _misused) = (environment, misused);
        Watch = new Command("watch", "Shows what is said in a session as it comes. Ctrl+C leaves and stops nothing.")
        {
            _session,
        };
        Watch.SetAction((parsed, token) => run(parsed, desk => WatchAsync(desk, parsed.GetValue(_session), token)));
    }

    public Command Watch { get; }

    private Terminal Terminal => _environment.Terminal;

    private async Task<int> WatchAsync(AnswerDesk desk, string? named, CancellationToken cancellationToken)
    {
        var server = desk.Connection.Server;
        if ((named ?? desk.Memory.Sessions.Find(server)) is not { } session)
        {
            return _misused($"There is no last conversation with {server.Authority}: name one.");
        }

        Terminal.WriteNotice($"Watching {session}. Ctrl+C leaves.");
        return await _environment.Interrupts.DuringAsync(left => FollowAsync(desk, session, left), cancellationToken);
    }

    private async Task<int> FollowAsync(AnswerDesk desk, string session, CancellationToken left)
    {
        var printer = new WatchPrinter(Terminal, _environment.Time.LocalTimeZone);
        var outage = new Outage(desk.Options.Patience, _environment.Time, Random.Shared);
        try
        {
            await foreach (var update in new SessionWatch(desk.Connection.Sessions, outage).FollowAsync(session, left))
            {
                switch (update)
                {
                    case WatchUpdate.Told { Response: var response } when desk.Options.Json:
                        Terminal.WriteLine(JsonFormatter.Default.Format(response));
                        break;
                    case WatchUpdate.Told { Response: var response }:
                        printer.Show(response);
                        break;
                    case WatchUpdate.Lost lost:
                        printer.ShowNotice(Failures.Waiting(
                            lost.Failure, desk.Connection.Server, outage.Patience, answering: lost.Begun));
                        break;
                }
            }
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            // It was waiting to try again.
        }

        printer.Close();
        return ExitCodes.Interrupted;
    }
}
