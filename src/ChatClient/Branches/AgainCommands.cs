using System.CommandLine;
using Chat.V1;

namespace ChatGrpc.Client.Branches;

/// <summary>chat regenerate and chat edit: another branch, and its answer as it comes.</summary>
internal sealed class AgainCommands
{
    private readonly Argument<string?> _last = new("session")
    {
        Description = "The session's id. Default: the last one of this client with the service.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<string> _session = new("session") { Description = "The session's id." };

    private readonly Argument<string[]> _text = new("text")
    {
        Description = "How it shall read. Standard input, if it is a file or a pipe, is appended.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _answered = new("--message")
    {
        Description = "An answer, or the message that is answered: its id, or the end of it. Default: the newest.",
    };

    private readonly Option<string> _edited =
        new("--message") { Description = "The message that is edited: its id, or the end of it." };

    private readonly ConsoleEnvironment _environment;
    private readonly Func<string, int> _misused;
    private readonly SendOptions _sending;

    /// <param name="shown">Options of what is shown, which hold here too.</param>
    public AgainCommands(
        ConsoleEnvironment environment,
        Func<ParseResult, Func<AnswerDesk, Task<int>>, Task<int>> run,
        Func<string, int> misused,
        SendOptions sending,
        IReadOnlyList<Option> shown)
    {
        (_environment, _misused, _sending) = (environment, misused, sending);
        Regenerate = new Command("regenerate", "Has a message answered once more, beside the answers that it has.")
        {
            _last, _answered,
        };
        Edit = new Command("edit", "Sends a message once more with another text. Both stay; attachments go with both.")
        {
            _session, _text, _edited,
        };
        foreach (var option in shown.Concat(sending.OfTheAnswer))
        {
            Regenerate.Add(option);
            Edit.Add(option);
        }

        foreach (var option in sending.Attachments)
        {
            Edit.Add(option);
        }

        Regenerate.SetAction((parsed, token) => run(parsed, desk => RegenerateAsync(desk, parsed, token)));
        Edit.SetAction((parsed, token) => run(parsed, desk => EditAsync(desk, parsed, token)));
    }

    public Command Regenerate { get; }

    public Command Edit { get; }

    /// <summary>False: "edit this text" is a question.</summary>
    public bool IsEditMeant(ParseResult parsed) => parsed.GetValue(_edited) is not null;

    private async Task<int> RegenerateAsync(AnswerDesk desk, ParseResult parsed, CancellationToken token)
    {
        var server = desk.Connection.Server;
        if ((parsed.GetValue(_last) ?? desk.Memory.Sessions.Find(server)) is not { } session)
        {
            return _misused($"There is no last conversation with {server.Authority}: name one.");
        }

        if (_sending.Read(parsed, [], "", out var refused) is not { } request)
        {
            return _misused(refused);
        }

        request.SessionId = session;
        return await AskAsync(desk, await new AgainDesk(desk.Connection, _environment.Terminal).RegenerateAsync(
            request, parsed.GetValue(_answered) ?? "", token), token);
    }

    private async Task<int> EditAsync(AnswerDesk desk, ParseResult parsed, CancellationToken token)
    {
        var piped = _environment.Input is { } input ? await PipedText.ReadAsync(input, token) : default;
        if (piped.Error is { Length: > 0 } unreadable)
        {
            return _misused(unreadable);
        }

        if (_sending.Read(parsed, parsed.GetValue(_text) ?? [], piped.Text ?? "", out var refused) is not { } request)
        {
            return _misused(refused);
        }

        if (request.Message.Length == 0)
        {
            return _misused("Say how the message shall read: chat edit SESSION --message MESSAGE \"text\".");
        }

        request.SessionId = parsed.GetValue(_session) ?? "";
        return await AskAsync(desk, await new AgainDesk(desk.Connection, _environment.Terminal).EditAsync(
            request, parsed.GetValue(_edited) ?? "", token), token);
    }

    private static async Task<int> AskAsync(AnswerDesk desk, StreamChatRequest? request, CancellationToken token) =>
        request is null ? ExitCodes.Usage : (await desk.AskAsync(request, token)).ExitCode;
}
