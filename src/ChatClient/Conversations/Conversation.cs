using Chat.V1;
using ChatGrpc.Client.Attachments;
using ChatGrpc.Client.Models;
using ChatGrpc.Client.Rendering;
using Grpc.Core;

namespace ChatGrpc.Client.Conversations;

/// <summary>Message by message with one service, until who types has enough.</summary>
/// <param name="ask">Sends a request, prints its answer and returns the conversation's id, or nothing.</param>
/// <param name="draft">What the command line said of every message: session, model, instructions, attachments.</param>
internal sealed class Conversation(
    ChatConnection connection,
    Terminal terminal,
    LineReader lines,
    Interrupts interrupts,
    Func<StreamChatRequest, Task<string>> ask,
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

    private readonly StreamChatRequest _draft = draft;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        terminal.WriteNotice($"Talking to {connection.Server.Authority}. /help tells more; Ctrl+D leaves.");
        interrupts.Prompt(() => terminal.WriteNotice("\nCtrl+D or another Ctrl+C leaves."));
        while (await lines.ReadAsync(cancellationToken) is { } line)
        {
            interrupts.Typed();
            if (line is ['/', not '/', ..])
            {
                if (!await ObeyAsync(line))
                {
                    break;
                }
            }
            else if (!string.IsNullOrWhiteSpace(line))
            {
                await SendAsync(line is ['/', '/', ..] ? line[1..] : line);
            }
        }

        return ExitCodes.Ok;
    }

    private async Task SendAsync(string message)
    {
        var request = _draft.Clone();
        request.Message = message;
        _draft.Parts.Clear();
        var session = await ask(request);
        if (session.Length > 0)
        {
            _draft.SessionId = session;
        }
    }

    // False: who typed wants to leave.
    private async Task<bool> ObeyAsync(string line)
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
                await ModelAsync(argument);
                break;
            case "/image":
                Attach(Attachment.Image(argument), argument);
                break;
            case "/file":
                Attach(Attachment.Text(argument), argument);
                break;
            default:
                terminal.WriteError($"There is no command {command}; /help lists them, and /{command} sends it.");
                break;
        }

        return true;
    }

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

    private async Task ModelAsync(string alias)
    {
        try
        {
            var listed = await connection.Models.ListModelsAsync(new ListModelsRequest());
            if (alias.Length == 0)
            {
                foreach (var line in ModelTable.Lines(listed, _draft.Model))
                {
                    terminal.WriteNotice(line);
                }
            }
            else if (listed.Models.Any(model => model.Alias == alias))
            {
                _draft.Model = alias;
                terminal.WriteNotice($"{alias} answers from now on.");
            }
            else
            {
                terminal.WriteError($"There is no model {alias}; /model lists them.");
            }
        }
        catch (RpcException failure)
        {
            foreach (var line in Failures.Describe(failure, connection.Server, answering: false))
            {
                terminal.WriteError(line);
            }
        }
    }
}
