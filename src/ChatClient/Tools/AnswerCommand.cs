using System.CommandLine;
using Chat.V1;
using ChatGrpc.Client.Rendering;

namespace ChatGrpc.Client.Tools;

/// <summary>chat answer: gives a turn the result that it waits for, from any terminal.</summary>
internal sealed class AnswerCommand
{
    private const string FromInput = "-";

    private readonly Argument<string> _stream = new("stream") { Description = "The turn's stream id." };

    private readonly Argument<string> _call = new("call") { Description = "The id of the call of the tool." };

    private readonly Argument<string[]> _text = new("text")
    {
        Description = "The result; words without quotes do as well, and - stands for standard input.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _json = new("--json") { Description = "The result is JSON." };

    private readonly Option<bool> _error = new("--error") { Description = "The tool failed, and the text says why." };

    private readonly ConsoleEnvironment _environment;
    private readonly Func<string, int> _misused;

    public AnswerCommand(
        ConsoleEnvironment environment,
        Func<ParseResult, Func<AnswerDesk, Task<int>>, Task<int>> run,
        Func<string, int> misused)
    {
        (_environment, _misused) = (environment, misused);
        Answer = new Command("answer", "Gives a turn that waits the result of a tool that nobody else runs.")
        {
            _stream, _call, _text, _json, _error,
        };
        Answer.SetAction((parsed, token) => run(parsed, desk => SubmitAsync(desk, parsed, token)));
    }

    public Command Answer { get; }

    private Terminal Terminal => _environment.Terminal;

    /// <summary>False: "answer me this question" is one.</summary>
    public bool NamesAStream(ParseResult parsed) =>
        parsed.GetResult(_stream) is not { Tokens: [var stream] } || Guid.TryParse(stream.Value, out _);

    private async Task<int> SubmitAsync(AnswerDesk desk, ParseResult parsed, CancellationToken cancellationToken)
    {
        var text = string.Join(' ', parsed.GetValue(_text) ?? []);
        if (text == FromInput)
        {
            var input = _environment.Input ?? _environment.Keyboard ?? TextReader.Null;
            var piped = await PipedText.ReadAsync(input, cancellationToken);
            if (piped.Error.Length > 0)
            {
                return _misused(piped.Error);
            }

            text = piped.Text;
        }

        var request = new SubmitToolResultRequest
        {
            StreamId = parsed.GetValue(_stream) ?? "",
            ToolCallId = parsed.GetValue(_call) ?? "",
            IsError = parsed.GetValue(_error),
        };
        if (parsed.GetValue(_json))
        {
            request.Json = text;
        }
        else
        {
            request.Text = text;
        }

        return await SubmitAsync(desk.Connection, request, cancellationToken);
    }

    private async Task<int> SubmitAsync(
        ChatConnection connection, SubmitToolResultRequest request, CancellationToken cancellationToken)
    {
        var taken = await connection.Chat.SubmitToolResultAsync(request, cancellationToken: cancellationToken);
        Terminal.WriteNotice(taken.State == StreamState.Waiting
            ? "The result is given; the turn waits for another one still."
            : $"The result is given; the turn goes on: chat resume {request.StreamId}");
        return ExitCodes.Ok;
    }
}
