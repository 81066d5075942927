using System.CommandLine;
using System.CommandLine.Parsing;
using Chat.V1;

namespace ChatGrpc.Client;

/// <summary>The command line: what it offers, and the request that it comes to.</summary>
internal sealed class ChatCommand
{
    private readonly Argument<string[]> _question = new("question")
    {
        Description = "What to ask. Standard input, if it is a file or a pipe, is appended.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _session =
        new("--session") { Description = "The conversation: its id, old or new." };

    private readonly Option<bool> _continue =
        new("--continue") { Description = "Go on with the last conversation that this client had with the service." };

    private readonly Option<string> _model = new("--model") { Description = "Alias of the model that answers." };

    private readonly Option<string> _instructions =
        new("--instructions") { Description = "How the model should answer." };

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print each event as a line of JSON. Errors stay on standard error.",
    };

    private readonly Option<string> _server = new("--server")
    {
        Description = $"The service. Default: ${ServerAddress.Variable}, else {ServerAddress.Default}.",
    };

    private readonly ConsoleEnvironment _environment;

    public ChatCommand(ConsoleEnvironment environment)
    {
        _environment = environment;
        Root = new RootCommand($"Asks a ChatGrpc service and prints the answer as it comes. {ExitCodes.Help}")
        {
            _question, _session, _continue, _model, _instructions, _json, _server,
        };
        Root.SetAction(RunAsync);
    }

    public RootCommand Root { get; }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken interrupted)
    {
        var terminal = _environment.Terminal;
        var server = ServerAddress.Parse(
            parsed.GetValue(_server) ?? _environment.Server ?? ServerAddress.Default, out var error);
        if (server is null)
        {
            return Misused(error);
        }

        if (UnknownOption(parsed) is { } unknown)
        {
            return Misused($"There is no option {unknown}; to ask about it, put -- before the question.");
        }

        if (parsed.GetValue(_continue) && parsed.GetValue(_session) is not null)
        {
            return Misused("--continue and --session exclude each other.");
        }

        var sessions = new LastSession(_environment.StateFile);
        var request = await RequestAsync(parsed, interrupted);
        if (request.Message.Length == 0)
        {
            return Misused("There is nothing to ask: chat \"question\", or something on standard input.");
        }

        if (parsed.GetValue(_continue) && request.SessionId.Length == 0)
        {
            if (sessions.Find(server) is not { } last)
            {
                return Misused($"There is no conversation with {server.Authority} to go on with.");
            }

            request.SessionId = last;
        }

        return await new Exchange(server, terminal, parsed.GetValue(_json), sessions, _environment.Time)
            .RunAsync(request, interrupted);
    }

    private async Task<StreamChatRequest> RequestAsync(ParseResult parsed, CancellationToken interrupted)
    {
        var question = string.Join(' ', parsed.GetValue(_question) ?? []);
        var appended = _environment.Input is null ? "" : await _environment.Input.ReadToEndAsync(interrupted);
        return new StreamChatRequest
        {
            Message = question.Length > 0 && appended.Length > 0 ? $"{question}\n\n{appended}" : question + appended,
            SessionId = parsed.GetValue(_session) ?? "",
            Model = parsed.GetValue(_model) ?? "",
            Instructions = parsed.GetValue(_instructions) ?? "",
        };
    }

    // The parser takes what it does not know for a word of the question.
    private string? UnknownOption(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? null
            : parsed.GetValue(_question)?.FirstOrDefault(
                word => word.StartsWith("--", StringComparison.Ordinal) && !word.Any(char.IsWhiteSpace));

    private int Misused(string error)
    {
        _environment.Terminal.WriteError(error);
        return ExitCodes.Usage;
    }
}
