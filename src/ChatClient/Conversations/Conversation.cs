using Chat.V1;
using ChatGrpc.Client.Attachments;
using ChatGrpc.Client.Models;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Model;

namespace ChatGrpc.Client.Conversations;

/// <summary>Message by message with one service, until who types has enough.</summary>
/// <param name="ask">Sends a request, prints its answer and returns how that went.</param>
/// <param name="draft">What the command line said of every message: session, model, instructions, attachments.</param>
internal sealed class Conversation(
    ChatConnection connection,
    Terminal terminal,
    LineReader lines,
    Interrupts interrupts,
    Func<StreamChatRequest, Task<Outcome>> ask,
    StreamChatRequest draft)
{
    private static readonly string[] Help =
    [
        "/help           this list",
        "/model [ALIAS]  the models; or the one that answers from now on",
        "/new            begins another conversation",
        "/session        the conversation's id",
        "/image PATH     a picture that goes with the next message",
        "/file PATH      a text that goes with the next message",
        "/quit           leaves, and so does Ctrl+D",
        "A line that ends in \\ goes on in the next one; \"\"\" on a line of its own begins and ends a longer text.",
        "Ctrl+C stops an answer. //x sends /x.",
    ];

    private static readonly string[] Commands =
        ["/help", "/model", "/new", "/session", "/image", "/file", "/quit", "/exit"];

    private readonly StreamChatRequest _draft = draft;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        terminal.WriteNotice($"Talking to {connection.Server.Authority}. /help tells more; Ctrl+D leaves.");
        while (await lines.ReadAsync(cancellationToken) is { } typed)
        {
            if (typed.IsCommand)
            {
                if (!await ObeyAsync(typed.Text, cancellationToken))
                {
                    break;
                }
            }
            else if (!string.IsNullOrWhiteSpace(typed.Text)
                && await SendAsync(typed.Text) is var exitCode and (ExitCodes.BrokenPipe or ExitCodes.Unwritable))
            {
                return exitCode;
            }
        }

        return ExitCodes.Ok;
    }

    // A failure is told by then, and the next message may fare better.
    private async Task<int> SendAsync(string message)
    {
        var request = _draft.Clone();
        request.Message = message;
        _draft.Parts.Clear();
        var outcome = await ask(request);
        if (outcome.SessionId.Length > 0)
        {
            _draft.SessionId = outcome.SessionId;
        }
        else if (request.Parts.Count > 0)
        {
            terminal.WriteNotice("What was attached did not go either; attach it again.");
        }

        return outcome.ExitCode;
    }

    // False: who typed wants to leave.
    private async Task<bool> ObeyAsync(string line, CancellationToken cancellationToken)
    {
        var words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        var (command, argument) = (words[0], words.Length > 1 ? words[1] : "");
        switch (command)
        {
            case "/quit" or "/exit":
                return false;
            case "/help":
                Array.ForEach(Help, terminal.WriteNotice);
                break;
            case "/new":
                _draft.SessionId = "";
                terminal.WriteNotice("The next message begins a new conversation.");
                break;
            case "/session":
                terminal.WriteNotice(
                    _draft.SessionId.Length > 0 ? _draft.SessionId : "It begins with the next message.");
                break;
            case "/model":
                var choice = new ModelChoice(connection, terminal);
                _draft.Model = await interrupts.DuringAsync(
                    stopped => choice.MakeAsync(argument, _draft.Model, stopped), cancellationToken);
                break;
            case "/image":
                Attach(Attachment.Image(Typed(argument)), argument);
                break;
            case "/file":
                Attach(Attachment.Text(Typed(argument)), argument);
                break;
            default:
                terminal.WriteError(
                    $"There is no command {command}.{NearNames.Suggest(command, Commands)} "
                    + $"/help lists them, and /{command} sends it.");
                break;
        }

        return true;
    }

    // Here no shell puts the home folder in the place of its sign.
    private static string Typed(string path) =>
        path is ['~', '/', ..]
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
            : path;

    private void Attach(Attachment attachment, string path)
    {
        if (attachment.Part is { } part)
        {
            _draft.Parts.Add(part);
            terminal.WriteNotice($"{Path.GetFileName(path)} goes with the next message.");
        }
        else
        {
            terminal.WriteError(path.Length == 0 ? "Name a file." : attachment.Error);
        }
    }
}
