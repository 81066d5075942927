using System.CommandLine;
using System.CommandLine.Help;
using Chat.V1;
using ChatGrpc.Client.Branches;
using ChatGrpc.Client.Conversations;
using ChatGrpc.Client.Documents;
using ChatGrpc.Client.Models;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Search;
using ChatGrpc.Client.Sessions;
using ChatGrpc.Client.Streams;
using ChatGrpc.Client.Tools;
using ChatGrpc.Client.Transfer;
using ChatGrpc.Client.Watching;
using Grpc.Core;

namespace ChatGrpc.Client;

/// <summary>The command line: what it offers, and what it comes to.</summary>
internal sealed class ChatCommand
{
    // A service that is started again is there in seconds, a machine in a minute.
    private const double DefaultPatience = 60;
    private const double MostPatience = 1_000_000;

    private readonly SendOptions _sending = new();

    private readonly Option<string> _session =
        new("--session") { Description = "The conversation: its id, old or new." };

    private readonly Option<bool> _continue =
        new("--continue") { Description = "Go on with the last conversation that this client had with the service." };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print each event as a line of JSON. Errors stay on standard error.",
        Recursive = true,
    };

    private readonly Option<bool> _plain =
        new("--plain") { Description = "Show Markdown as it is written, also on a terminal." };

    private readonly Option<bool> _verbose =
        new("--verbose") { Description = "Tell model, usage and timings after the answer, on standard error." };

    private readonly Option<string> _documents =
        new("--documents") { Description = "A folder where the documents of answers are saved." };

    private readonly Option<double> _giveUp = new("--give-up")
    {
        Description = "Seconds to try again without an answer after a connection is lost; 0: not at all.",
        DefaultValueFactory = _ => DefaultPatience,
        Recursive = true,
    };

    // "@name" is a word of a question and no file of arguments, and -ab no -a -b.
    private readonly ParserConfiguration _parsing = new()
    {
        ResponseFileTokenReplacer = null,
        EnablePosixBundling = false,
    };

    private readonly ConsoleEnvironment _environment;
    private readonly Command _models = new("models", "Lists the models that the service offers.");
    private readonly Command _tools = new("tools", "Lists the tools that the service has for its models.");
    private readonly ServiceOptions _service;
    private readonly Dictionary<Command, Predicate<ParseResult>> _meant = [];
    private readonly RootCommand _everything;
    private readonly RootCommand _questions;

    public ChatCommand(ConsoleEnvironment environment)
    {
        _environment = environment;
        _service = new ServiceOptions(environment);
        _models.SetAction((parsed, token) => WithServiceAsync(
            parsed, service => new ModelList(service, Terminal).PrintAsync(parsed.GetValue(_json), token)));
        _tools.SetAction((parsed, token) => WithServiceAsync(
            parsed, service => new ToolList(service, Terminal).PrintAsync(parsed.GetValue(_json), token)));
        _giveUp.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= MostPatience))
            {
                result.AddError("--give-up takes seconds, 0 to 1,000,000.");
            }
        });
        _questions = Questions();
        _everything = Questions();
        foreach (var command in Commands())
        {
            _everything.Add(command);
        }
    }

    /// <summary>A name of a command makes one only alone: "tell me about models" is a question.</summary>
    public ParseResult Parse(IReadOnlyList<string> arguments)
    {
        var parsed = _everything.Parse(arguments, _parsing);
        var command = parsed.CommandResult.Command;
        var isMeant = parsed.Action is HelpAction
            || _meant.GetValueOrDefault(command) is not { } test || test(parsed);
        var isQuestion = command != _everything
            && (parsed.UnmatchedTokens.Count > 0 || _sending.HasQuestion(parsed) || !isMeant);
        return isQuestion ? _questions.Parse(arguments, _parsing) : parsed;
    }

    private IEnumerable<Command> Commands()
    {
        var answer = new AnswerCommand(_environment, WithAnswersAsync, Misused);
        _meant[answer.Answer] = answer.NamesAStream;
        Option[] shown = [_plain, _verbose, _documents];
        var streams = new StreamCommands(WithAnswersAsync, Misused, _sending, shown);
        var again = new AgainCommands(_environment, WithAnswersAsync, Misused, _sending, shown);
        _meant[again.Edit] = again.IsEditMeant;
        var select = new SelectCommand((parsed, run) => WithServiceAsync(
            parsed, service => run(new BranchDesk(service, Terminal, Zone, parsed.GetValue(_json)))));
        _meant[select.Select] = select.IsMeant;
        var search = new SearchCommand(
            (parsed, run) => WithServiceAsync(
                parsed, service => run(new SearchDesk(service, Terminal, Zone, parsed.GetValue(_json)))),
            Misused);
        var sessions = new SessionCommands((parsed, run) => WithServiceAsync(
            parsed, service => run(new SessionDesk(service, Terminal, Zone, parsed.GetValue(_json)))));
        var export = new ExportCommand((parsed, run, token) => UntilLeftAsync(
            parsed, (service, left) => run(new ExportDesk(service, Terminal), left), token));
        var import = new ImportCommand((parsed, run, token) => UntilLeftAsync(
            parsed,
            (service, left) => run(new ImportDesk(service, _environment, parsed.GetValue(_json)), left),
            token));
        return
        [
            _models, _tools, answer.Answer, streams.Resume, streams.Cancel, again.Regenerate, again.Edit,
            new WatchCommand(_environment, WithAnswersAsync, Misused).Watch, .. sessions.All, select.Select,
            search.Search, export.Export, import.Import,
        ];
    }

    private RootCommand Questions()
    {
        var root = new RootCommand($"Asks a ChatGrpc service and prints the answer as it comes. {ExitCodes.Help}")
        {
            _session, _continue, _json, _plain, _verbose, _documents, _giveUp,
        };
        _service.AddTo(root);
        _sending.AddTo(root);
        root.SetAction((parsed, token) => WithAnswersAsync(parsed, desk => RunAsync(parsed, desk, token)));
        return root;
    }

    private Terminal Terminal => _environment.Terminal;

    private TimeZoneInfo Zone => _environment.Time.LocalTimeZone;

    private Task<int> WithServiceAsync(ParseResult parsed, Func<ChatConnection, Task<int>> run) =>
        _service.ConnectAsync(parsed, run);

    // What takes long and leaves nothing half done: Ctrl+C ends it.
    private Task<int> UntilLeftAsync(
        ParseResult parsed, Func<ChatConnection, CancellationToken, Task<int>> run, CancellationToken token) =>
        WithServiceAsync(parsed, service => _environment.Interrupts.DuringAsync(
            async left =>
            {
                try
                {
                    return await run(service, left);
                }
                catch (Exception cut) when (left.IsCancellationRequested
                    && cut is RpcException or OperationCanceledException)
                {
                    return ExitCodes.Interrupted;
                }
            },
            token));

    private Task<int> WithAnswersAsync(ParseResult parsed, Func<AnswerDesk, Task<int>> run) =>
        WithServiceAsync(parsed, service =>
        {
            Terminal.Plain = parsed.GetValue(_plain);
            var patience = TimeSpan.FromSeconds(parsed.GetValue(_giveUp));
            var documents = parsed.GetValue(_documents) is { } folder ? new DocumentFolder(folder) : null;
            return run(new AnswerDesk(
                service, _environment, new(parsed.GetValue(_json), parsed.GetValue(_verbose), patience, documents)));
        });

    private async Task<int> RunAsync(ParseResult parsed, AnswerDesk desk, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(_continue) && parsed.GetValue(_session) is not null)
        {
            return Misused("--continue and --session exclude each other.");
        }

        var piped = _environment.Input is { } input ? await PipedText.ReadAsync(input, cancellationToken) : default;
        if (piped.Error is { Length: > 0 } unreadable)
        {
            return Misused(unreadable);
        }

        if (_sending.Read(parsed, _sending.Question(parsed), piped.Text ?? "", out var refused) is not { } request)
        {
            return Misused(refused);
        }

        request.SessionId = parsed.GetValue(_session) ?? "";
        if (parsed.GetValue(_continue))
        {
            if (desk.Memory.Sessions.Find(desk.Connection.Server) is not { } last)
            {
                return Misused($"There is no conversation with {desk.Connection.Server.Authority} to go on with.");
            }

            request.SessionId = last;
        }

        var isComplete = request.Message.Length > 0 || (request.Parts.Count > 0 && _environment.Keyboard is null);
        return isComplete
            ? (await desk.AskAsync(request, cancellationToken)).ExitCode
            : await ConverseAsync(desk, request, cancellationToken);
    }

    private async Task<int> ConverseAsync(
        AnswerDesk desk, StreamChatRequest request, CancellationToken cancellationToken)
    {
        if (_environment.Keyboard is not { } keyboard)
        {
            return Misused("There is nothing to ask: chat \"question\", or something on standard input.");
        }

        var lines = new LineReader(keyboard, Terminal, _environment.Interrupts);
        var conversation = new Conversation(
            desk.Connection, Terminal, lines, _environment.Interrupts, Zone, AskAsync, request);
        return await conversation.RunAsync(cancellationToken);

        Task<Outcome> AskAsync(StreamChatRequest asked) => desk.AskAsync(asked, cancellationToken);
    }

    private int Misused(string error) => _service.Misused(error);
}
