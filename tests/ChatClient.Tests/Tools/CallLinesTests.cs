using Chat.V1;
using ChatGrpc.Client.Rendering;

namespace ChatClient.Tests.Tools;

/// <summary>The lines of tools, as the printer of answers has them.</summary>
public sealed class CallLinesTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private long _sequence;

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Show_ACallAndItsResult_IsOneLineBesideTheAnswer()
    {
        var call = Call("a", "read", """{"path":"x","deep":true}""");

        Show(oneScreen: false, Text("one "), call, Result("a"), Text("two"));

        Assert.Equal("one two\n", $"{_output}");
        Assert.Equal("read path: x, deep: True … 120 ms\n", $"{_error}");
    }

    [Fact]
    public void Show_ACallInMidAnswerOnAScreen_HasItsOwnLine()
    {
        Show(oneScreen: true, Text("one "), Call("a", "read"), Text("two"), Result("a"));

        Assert.Equal("one two", $"{_output}");
        Assert.Equal("\nread … \n\nread … 120 ms\n", $"{_error}");
    }

    [Fact]
    public void Show_CallsAtTheSameTime_EachHasItsResultInALine()
    {
        Show(
            oneScreen: false, Call("a", "one"), Call("b", "two"), Result("a"), Result("b", "No.\nNo.", isError: true));

        Assert.Equal("one … \ntwo … \none … 120 ms\ntwo … failed after 120 ms: No. No.\n", $"{_error}");
    }

    [Fact]
    public void Show_ArgumentsAsTheyCome_AreOneCall()
    {
        Show(
            oneScreen: false,
            Delta("a", "read", "{\"pa"), Delta("a", "read", "th\":1}"), Call("a", "read", "{\"path\":1}"));

        Assert.Equal("read path: 1 … \n", $"{_error}");
    }

    [Fact]
    public void Show_Verbose_TellsArgumentsProgressAndResult()
    {
        var progress = new StreamChatResponse
        {
            Sequence = 2,
            ToolProgress = new ToolProgress { Id = "a", Fraction = 0.5, Note = "half" },
        };

        Show(
            oneScreen: false, isVerbose: true, [Call("a", "read", "{\"x\":[1]}"), progress, Result("a", "line\nline")]);

        Assert.Equal(
            "read x: [1] … \n  read: 50 % half\nread x: [1] … 120 ms\n  arguments: {\"x\":[1]}\n  result: line\nline\n",
            $"{_error}");
    }

    [Fact]
    public void Show_ToolsTextsWithControlCharacters_AreHarmless()
    {
        var call = Call("a", "re\e[2Jad", "{\"x\":\"\\u001b[2J\"}");

        Show(oneScreen: true, call, Result("a", "\e]0;x\a", isError: true));

        Assert.DoesNotContain('\e', $"{_error}");
    }

    [Fact]
    public void Show_ACallThatTheClientRuns_SaysHowToAnswerIt()
    {
        var call = Call("c", "ask", "{\"q\":\"Colour?\"}");
        call.ToolCall.Kind = ToolKind.Client;

        Show(oneScreen: false, new() { SessionInfo = new SessionInfo { StreamId = "s" } }, call, Result("c"));

        Assert.Equal(
            "ask q: Colour? … waits for its result: chat answer s c TEXT\nask q: Colour? … 120 ms\n", $"{_error}");
    }

    [Fact]
    public void Show_ACallThatIsToldAgain_IsNotShownTwice()
    {
        var call = Call("a", "read");
        var result = Result("a");

        Show(oneScreen: false, call, result, call, result);

        Assert.Equal("read … 120 ms\n", $"{_error}");
    }

    [Fact]
    public void Show_ARetractOfReasoningAndTools_SaysSo()
    {
        var reasoning = Text("hm");
        reasoning.Token.Channel = TokenChannel.Reasoning;
        var anew = Text("so");
        anew.Token.Channel = TokenChannel.Reasoning;

        Show(
            oneScreen: false, reasoning, Call("a", "read"), Result("a"),
            new() { Sequence = 4, Retract = new Retract { AfterSequence = 0 } }, anew, Text("two"));

        Assert.Equal("two\n", $"{_output}");
        Assert.Equal(
            "hm\nread … 120 ms\nWithdrawn, and begun again: the reasoning and the calls of tools so far.\nso\n",
            $"{_error}");
    }

    private StreamChatResponse Call(string id, string name, string arguments = "{}") => Next(new()
    {
        ToolCall = new ToolCall { Id = id, Name = name, Kind = ToolKind.Mcp, ArgumentsJson = arguments },
    });

    private StreamChatResponse Delta(string id, string name, string delta) => Next(new()
    {
        ToolCall = new ToolCall { Id = id, Name = name, Kind = ToolKind.Mcp, ArgumentsDelta = delta },
    });

    private StreamChatResponse Result(string id, string text = "", bool isError = false) => Next(new()
    {
        ToolResult = new ToolResult { Id = id, Text = text, IsError = isError, DurationMs = 120 },
    });

    private StreamChatResponse Text(string text) =>
        Next(new() { Token = new Token { Text = text, Channel = TokenChannel.Answer } });

    private StreamChatResponse Next(StreamChatResponse next)
    {
        next.Sequence = ++_sequence;
        return next;
    }

    private void Show(bool oneScreen, params StreamChatResponse[] events) =>
        Show(oneScreen, isVerbose: false, events);

    private void Show(bool oneScreen, bool isVerbose, StreamChatResponse[] events)
    {
        var terminal = new Terminal
        {
            Out = _output,
            Error = _error,
            OutIsTerminal = oneScreen,
            ErrorIsTerminal = oneScreen,
        };
        var printer = new AnswerPrinter(terminal, json: false, isVerbose);
        Array.ForEach(events, printer.Show);
        printer.EndLine();
    }
}
