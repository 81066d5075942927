using Chat.V1;
using ChatGrpc.Client.Attachments;
using ChatGrpc.Client.Branches;
using ChatGrpc.Client.Models;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Model;
using Grpc.Core;

namespace ChatGrpc.Client.Conversations;

/// <summary>Message by message with one service, until who types has enough.</summary>
/// <param name="zone">Where who types is.</param>
/// <param name="ask">Sends a request, prints its answer and returns how that went.</param>
/// <param name="draft">What the command line said of every message: session, model, instructions, attachments.</param>
internal sealed class Conversation(
    ChatConnection connection,
    Terminal terminal,
    LineReader lines,
    Interrupts interrupts,
    TimeZoneInfo zone,
    Func<StreamChatRequest, Task<Outcome>> ask,
    StreamChatRequest draft)
{
    private static readonly string[] Help =
    [
        "/help           this list",
        "/model [ALIAS]  the models; or the one that answers from now on",
        "/new            begins another conversation",
        "/session        the conversation's id",
        "/edit TEXT      sends the last message once more, as it reads now",
        "/regenerate     has the last message answered once more; by a MODEL, if one is named",
        "/branches [N]   where there is more than one of a message; or the one to go on with",
        "/image PATH     a picture that goes with the next message",
        "/file PATH      a text that goes with the next message",
        "/quit           leaves, and so does Ctrl+D",
        "A line that ends in \\ goes on in the next one; \"\"\" on a line of its own begins and ends a longer text.",
        "Ctrl+C stops an answer. //x sends /x.",
    ];

    private static readonly string[] Commands =
    [
        "/help", "/model", "/new", "/session", "/edit", "/regenerate", "/branches", "/image", "/file", "/quit", "/exit",
    ];

    private readonly StreamChatRequest _draft = draft;
    private readonly AgainDesk _again = new(connection, terminal);
    private readonly ConversationBranches _branches = new(connection, terminal, zone);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        terminal.WriteNotice($"Talking to {connection.Server.Authority}. /help tells more; Ctrl+D leaves.");
        while (await lines.ReadAsync(cancellationToken) is { } typed)
        {
            var (command, argument) = typed.IsCommand ? Words(typed.Text) : ("", "");
            if (command is "/quit" or "/exit")
            {
                break;
            }

            var request = typed.IsCommand ? await ObeyAsync(command, argument, cancellationToken)
                : string.IsNullOrWhiteSpace(typed.Text) ? null
                : Draft(typed.Text);
            if (request is not null
                && await SendAsync(request) is var exitCode and (ExitCodes.BrokenPipe or ExitCodes.Unwritable))
            {
                return exitCode;
            }
        }

        return ExitCodes.Ok;
    }

    private static (string Command, string Argument) Words(string line)
    {
        var words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
        return (words[0], words.Length > 1 ? words[1] : "");
    }

    private StreamChatRequest Draft(string message)
    {
        var request = _draft.Clone();
        request.Message = message;
        return request;
    }

    // A failure is told by then, and the next message may fare better.
    private async Task<int> SendAsync(StreamChatRequest request)
    {
        var isAttached = _draft.Parts.Count > 0 && request.RegenerateMessageId.Length == 0;
        if (isAttached)
        {
            _draft.Parts.Clear();
        }

        var outcome = await ask(request);
        if (outcome.SessionId.Length > 0)
        {
            _draft.SessionId = outcome.SessionId;
        }
        else if (isAttached)
        {
            terminal.WriteNotice("What was attached did not go either; attach it again.");
        }

        return outcome.ExitCode;
    }

    // What is to be sent; null: nothing.
    private async Task<StreamChatRequest?> ObeyAsync(
        string command, string argument, CancellationToken cancellationToken)
    {
        switch (command)
        {
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
            case "/edit" when argument.Length == 0:
                terminal.WriteError("Say how the last message shall read: /edit TEXT");
                break;
            case "/edit" or "/regenerate" or "/branches" when _draft.SessionId.Length == 0:
                terminal.WriteError("The conversation begins with the next message.");
                break;
            case "/edit" or "/regenerate" or "/branches":
                return await interrupts.DuringAsync(
                    stopped => BranchAsync(command, argument, stopped), cancellationToken);
            default:
                terminal.WriteError(
                    $"There is no command {command}.{NearNames.Suggest(command, Commands)} "
                    + $"/help lists them, and /{command} sends it.");
                break;
        }

        return null;
    }

    private async Task<StreamChatRequest?> BranchAsync(string command, string argument, CancellationToken stopped)
    {
        try
        {
            switch (command)
            {
                case "/edit":
                    return await _again.EditAsync(Draft(argument), "", stopped);
                case "/regenerate":
                    var request = Draft("");
                    request.Parts.Clear();
                    request.Model = argument.Length > 0 ? argument : request.Model;
                    return await _again.RegenerateAsync(request, "", stopped);
                default:
                    await _branches.ObeyAsync(_draft.SessionId, argument, stopped);
                    return null;
            }
        }
        catch (RpcException) when (stopped.IsCancellationRequested)
        {
            terminal.WriteNotice("Stopped.");
            return null;
        }
        catch (RpcException failure)
        {
            _ = Failures.Tell(failure, connection.Server, terminal);
            return null;
        }
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
