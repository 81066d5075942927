using System.CommandLine;
using Chat.V1;

namespace ChatGrpc.Client.Streams;

/// <summary>chat resume and chat cancel: what can be done with a turn beside asking for it.</summary>
internal sealed class StreamCommands
{
    private readonly Argument<string?> _stream = new("stream")
    {
        Description = "The turn's stream id. Default: the last one of this client with the service.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<long> _after =
        new("--after") { Description = "Show what comes after that sequence only." };

    private readonly Option<bool> _continue = new("--continue")
    {
        Description = "Have the model finish an answer that was interrupted, stopped or failed: a new call of it.",
    };

    private readonly Option<string> _session =
        new("--session") { Description = "All that runs or waits in that session." };

    private readonly Option<string> _request =
        new("--request") { Description = "The turn that was asked for under that client_request_id." };

    private readonly Func<ParseResult, Func<AnswerDesk, Task<int>>, Task<int>> _run;
    private readonly Func<string, int> _misused;
    private readonly SendOptions _sending;

    /// <param name="run">Does something with the service that the command line names.</param>
    /// <param name="misused">Says what is wrong with the command line.</param>
    /// <param name="shown">Options of what is shown, which hold here too.</param>
    public StreamCommands(
        Func<ParseResult, Func<AnswerDesk, Task<int>>, Task<int>> run,
        Func<string, int> misused,
        SendOptions sending,
        IEnumerable<Option> shown)
    {
        (_run, _misused, _sending) = (run, misused, sending);
        _stream.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !Guid.TryParse(token.Value, out _))
            {
                result.AddError($"'{token.Value}' is no id of a stream.");
            }
        });
        Resume = new Command("resume", "Shows an answer again, and what of it is still to come.")
        {
            _stream, _after, _continue, sending.PaceOption,
        };
        foreach (var option in shown)
        {
            Resume.Add(option);
        }

        Resume.SetAction((parsed, token) => WithTurnAsync(parsed, (desk, id) => ResumeAsync(desk, parsed, id, token)));
        Cancel = new Command("cancel", "Ends a turn, at its provider too; what there is of the answer is saved.")
        {
            _stream, _session, _request,
        };
        Cancel.SetAction(CancelAsync);
    }

    public Command Resume { get; }

    public Command Cancel { get; }

    private async Task<int> ResumeAsync(AnswerDesk desk, ParseResult parsed, string id, CancellationToken token)
    {
        var request = parsed.GetValue(_continue)
            ? new StreamChatRequest { ContinueFrom = id }
            : new StreamChatRequest { Resume = new Resume { StreamId = id } };
        request.Pacing = _sending.Pace(parsed);

        // Read from the start, so that the proof is about all of it, and an epoch need not be known.
        return (await desk.AskAsync(request, token, parsed.GetValue(_after))).ExitCode;
    }

    private Task<int> CancelAsync(ParseResult parsed, CancellationToken token)
    {
        string?[] named = [parsed.GetValue(_stream), parsed.GetValue(_session), parsed.GetValue(_request)];
        if (named.Count(name => name is not null) > 1)
        {
            return Task.FromResult(_misused("A stream, --session and --request exclude each other."));
        }

        return named switch
        {
            [_, { } session, _] => _run(
                parsed, desk => desk.CancelAsync(new CancelStreamRequest { SessionId = session }, token)),
            [_, _, { } request] => _run(
                parsed, desk => desk.CancelAsync(new CancelStreamRequest { ClientRequestId = request }, token)),
            _ => WithTurnAsync(
                parsed, (desk, id) => desk.CancelAsync(new CancelStreamRequest { StreamId = id }, token)),
        };
    }

    private Task<int> WithTurnAsync(ParseResult parsed, Func<AnswerDesk, string, Task<int>> act) =>
        _run(parsed, desk =>
        {
            var server = desk.Connection.Server;
            return (parsed.GetValue(_stream) ?? desk.Memory.Streams.Find(server)) is { } id
                ? act(desk, id)
                : Task.FromResult(_misused($"There is no last stream with {server.Authority}: name one."));
        });
}
