using System.CommandLine;
using System.CommandLine.Parsing;
using Chat.V1;
using ChatGrpc.Client.Attachments;
using ChatGrpc.Client.Conversations;
using ChatGrpc.Client.Models;
using ChatGrpc.Client.Rendering;
using ChatGrpc.Client.Sessions;

namespace ChatGrpc.Client;

/// <summary>The command line: what it offers, and what it comes to.</summary>
internal sealed class ChatCommand
{
    private readonly Argument<string[]> _question = new("question")
    {
        Description =
            "What to ask. Standard input, if it is a file or a pipe, is appended. Without either: a conversation.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _session =
        new("--session") { Description = "The conversation: its id, old or new." };

    private readonly Option<bool> _continue =
        new("--continue") { Description = "Go on with the last conversation that this client had with the service." };

    private readonly Option<string> _model = new("--model") { Description = "Alias of the model that answers." };

    private readonly Option<string> _instructions =
        new("--instructions") { Description = "How the model should answer." };

    private readonly Option<string[]> _image =
        new("--image") { Description = "A PNG, JPEG, GIF or WebP image that goes with the question." };

    private readonly Option<string[]> _file =
        new("--file") { Description = "A text file that goes with the question." };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print each event as a line of JSON. Errors stay on standard error.",
        Recursive = true,
    };

    private readonly Option<bool> _plain =
        new("--plain") { Description = "Show Markdown as it is written, also on a terminal." };

    private readonly Option<bool> _verbose =
        new("--verbose") { Description = "Tell model, usage and timings after the answer, on standard error." };

    private readonly Option<string> _server = new("--server")
    {
        Description = $"The service. Default: ${ServerAddress.Variable}, else {ServerAddress.Default}.",
        Recursive = true,
    };

    private readonly Option<string> _key = new("--api-key")
    {
        Description = $"The key that the service wants. Default: ${ServiceKey.Variable}, which others do not see.",
        Recursive = true,
    };

    private readonly Option<bool> _cleartextKey = new(ServiceKey.CleartextOption)
    {
        Description = "Send the key to another machine without TLS as well.",
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
    private readonly RootCommand _everything;
    private readonly RootCommand _questions;

    public ChatCommand(ConsoleEnvironment environment)
    {
        _environment = environment;
        _models.SetAction((parsed, token) => WithServiceAsync(
            parsed, service => new ModelList(service, Terminal).PrintAsync(parsed.GetValue(_json), token)));
        _questions = Questions();
        _everything = Questions();
        _everything.Add(_models);
        _everything.Add(new SessionCommands(WithSessionsAsync).All);
    }

    /// <summary>A name of a command makes one only alone: "tell me about models" is a question.</summary>
    public ParseResult Parse(IReadOnlyList<string> arguments)
    {
        var parsed = _everything.Parse(arguments, _parsing);
        var isQuestion = parsed.CommandResult.Command != _everything
            && (parsed.UnmatchedTokens.Count > 0 || parsed.GetResult(_question) is { Tokens.Count: > 0 });
        return isQuestion ? _questions.Parse(arguments, _parsing) : parsed;
    }

    private RootCommand Questions()
    {
        var root = new RootCommand($"Asks a ChatGrpc service and prints the answer as it comes. {ExitCodes.Help}")
        {
            _question, _session, _continue, _model, _instructions, _image, _file, _json, _plain, _verbose, _server,
            _key, _cleartextKey,
        };
        root.SetAction((parsed, token) => WithServiceAsync(parsed, service => RunAsync(parsed, service, token)));
        return root;
    }

    private Terminal Terminal => _environment.Terminal;

    private async Task<int> WithServiceAsync(ParseResult parsed, Func<ChatConnection, Task<int>> run)
    {
        var server = ServerAddress.Parse(
            parsed.GetValue(_server) ?? _environment.Server ?? ServerAddress.Default, out var error);
        if (server is null)
        {
            return Misused(error);
        }

        var key = parsed.GetValue(_key) ?? _environment.ApiKey ?? "";
        if (ServiceKey.Refusal(key, server, parsed.GetValue(_cleartextKey)) is { } refused)
        {
            return Misused(refused);
        }

        using var connection = new ChatConnection(server, key);
        return await run(connection);
    }

    private async Task<int> RunAsync(
        ParseResult parsed, ChatConnection connection, CancellationToken cancellationToken)
    {
        if (UnknownOption(parsed) is { } unknown)
        {
            return Misused($"There is no option {unknown}; to ask about it, put -- before the question.");
        }

        if (parsed.GetValue(_continue) && parsed.GetValue(_session) is not null)
        {
            return Misused("--continue and --session exclude each other.");
        }

        var piped = _environment.Input is { } input ? await PipedText.ReadAsync(input, cancellationToken) : default;
        if (piped.Error is { Length: > 0 } unreadable)
        {
            return Misused(unreadable);
        }

        var sessions = new LastSession(_environment.StateFile);
        var request = new StreamChatRequest
        {
            Message = Message(parsed, piped.Text ?? ""),
            SessionId = parsed.GetValue(_session) ?? "",
            Model = parsed.GetValue(_model) ?? "",
            Instructions = parsed.GetValue(_instructions) ?? "",
        };
        if (Attach(parsed, request) is { } refused)
        {
            return Misused(refused);
        }

        if (parsed.GetValue(_continue))
        {
            if (sessions.Find(connection.Server) is not { } last)
            {
                return Misused($"There is no conversation with {connection.Server.Authority} to go on with.");
            }

            request.SessionId = last;
        }

        return await RunAsync(parsed, connection, request, sessions, cancellationToken);
    }

    private async Task<int> RunAsync(
        ParseResult parsed,
        ChatConnection connection,
        StreamChatRequest request,
        LastSession sessions,
        CancellationToken cancellationToken)
    {
        Terminal.Plain = parsed.GetValue(_plain);
        var isComplete = request.Message.Length > 0 || (request.Parts.Count > 0 && _environment.Keyboard is null);
        if (isComplete)
        {
            return (await AskAsync(request)).ExitCode;
        }

        if (_environment.Keyboard is not { } keyboard)
        {
            return Misused("There is nothing to ask: chat \"question\", or something on standard input.");
        }

        var lines = new LineReader(keyboard, Terminal, _environment.Interrupts);
        return await new Conversation(connection, Terminal, lines, _environment.Interrupts, AskAsync, request)
            .RunAsync(cancellationToken);

        Task<Outcome> AskAsync(StreamChatRequest asked)
        {
            var printer = new AnswerPrinter(Terminal, parsed.GetValue(_json), parsed.GetValue(_verbose));
            var exchange = new Exchange(connection, Terminal, printer, sessions, _environment.Time);
            return _environment.Interrupts.DuringAsync(
                interrupted => exchange.RunAsync(asked, interrupted), cancellationToken);
        }
    }

    private Task<int> WithSessionsAsync(ParseResult parsed, Func<SessionDesk, Task> action) =>
        WithServiceAsync(parsed, service => new SessionDesk(
            service, Terminal, _environment.Time.LocalTimeZone, parsed.GetValue(_json)).RunAsync(action));

    private string Message(ParseResult parsed, string appended)
    {
        var question = string.Join(' ', parsed.GetValue(_question) ?? []);
        return question.Length > 0 && appended.Length > 0 ? $"{question}\n\n{appended}" : question + appended;
    }

    // Why an attachment cannot go; null: they all do.
    private string? Attach(ParseResult parsed, StreamChatRequest request)
    {
        var attachments = (parsed.GetValue(_image) ?? []).Select(Attachment.Image)
            .Concat((parsed.GetValue(_file) ?? []).Select(Attachment.Text));
        foreach (var (part, error) in attachments)
        {
            if (part is null)
            {
                return error;
            }

            request.Parts.Add(part);
        }

        return null;
    }

    // The parser takes what it does not know for a word of the question.
    private string? UnknownOption(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? null
            : parsed.GetValue(_question)?.FirstOrDefault(
                word => word.StartsWith("--", StringComparison.Ordinal) && !word.Any(char.IsWhiteSpace));

    private int Misused(string error)
    {
        Terminal.WriteError(error);
        return ExitCodes.Usage;
    }
}
