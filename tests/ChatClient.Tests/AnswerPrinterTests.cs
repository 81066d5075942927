using Chat.V1;
using ChatGrpc.Client.Rendering;

namespace ChatClient.Tests;

public sealed class AnswerPrinterTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Show_AWarningInMidAnswerIntoAPipe_LeavesTheAnswerAsItIs()
    {
        Show(oneScreen: false, Text("one "), Warned, Text("line"));

        Assert.Equal("one line\n", _output.ToString());
        Assert.Equal("Late. (PERSISTENCE_DELAYED)\n", _error.ToString());
    }

    [Fact]
    public void Show_AWarningInMidAnswerOnAScreen_HasALineOfItsOwn()
    {
        Show(oneScreen: true, Text("one "), Warned, Text("line"));

        Assert.Equal("one line\n", _output.ToString());
        Assert.Equal("\nLate. (PERSISTENCE_DELAYED)\n", _error.ToString());
    }

    [Fact]
    public void EndLine_AfterAWarningOnAScreen_LeavesNoEmptyLine()
    {
        Show(oneScreen: true, Text("one"), Warned);

        Assert.Equal(("one", "\nLate. (PERSISTENCE_DELAYED)\n"), ($"{_output}", $"{_error}"));
    }

    [Fact]
    public void EndLine_AfterAWarningIntoAPipe_EndsTheLine()
    {
        Show(oneScreen: false, Text("one"), Warned);

        Assert.Equal("one\n", _output.ToString());
    }

    [Fact]
    public void Show_AQueuedTurn_SaysSoOnce()
    {
        var queued = new StreamChatResponse
        {
            SessionInfo = new SessionInfo { State = StreamState.Queued, TurnsAhead = 2 },
        };

        Show(oneScreen: false, queued, queued);

        Assert.Equal("The session still answers; turns before this one: 2.\n", _error.ToString());
    }

    [Fact]
    public void Show_ARetractedAnswerOnAScreen_BeginsAgainWithWhatStays()
    {
        var first = Text("one ");
        first.Sequence = 1;
        var second = Text("two");
        second.Sequence = 2;

        Show(
            oneScreen: true, first, second, new() { Retract = new Retract { AfterSequence = 1 } }, Text("zwei"));

        Assert.Equal("one two\none zwei\n", _output.ToString());
    }

    [Fact]
    public void Show_ARetractedAnswerThatComesAgain_IsWholeOnAScreenAndOnceInAPipe()
    {
        StreamChatResponse[] events = [Text("Hel"), new() { Retract = new Retract() }, Text("Hello"), Text(" you")];
        events[0].Sequence = 1;

        Show(oneScreen: false, events);
        Assert.Equal("Hello you\n", _output.ToString());
        Assert.Equal("Withdrawn, and begun again: the answer so far.\n", _error.ToString());

        _output.GetStringBuilder().Clear();
        Show(oneScreen: true, events);
        Assert.Equal("Hel\nHello you\n", _output.ToString());
    }

    [Fact]
    public void Show_ReasoningInMidAnswer_StandsApartOnAScreen()
    {
        var reasoning = Text("hm");
        reasoning.Token.Channel = TokenChannel.Reasoning;

        Show(oneScreen: true, Text("one "), reasoning, Text("two"));

        Assert.Equal("one two\n", _output.ToString());
        Assert.Equal("\nhm\n", _error.ToString());
    }

    [Fact]
    public void Show_AnEndWithoutAttemptsAndUsage_SaysWhatThereIs()
    {
        Show(
            oneScreen: false,
            new StreamChatResponse { StreamEnd = new StreamEnd { Timings = new Timings { TotalMs = 12 } } });

        Assert.Equal("[total 0.012 s]\n", _error.ToString());
    }

    private static StreamChatResponse Warned =>
        new() { Warning = new Warning { Code = "PERSISTENCE_DELAYED", Message = "Late." } };

    private static StreamChatResponse Text(string text) =>
        new() { Token = new Token { Text = text, Channel = TokenChannel.Answer } };

    private void Show(bool oneScreen, params StreamChatResponse[] events)
    {
        var terminal = new Terminal
        {
            Out = _output,
            Error = _error,
            OutIsTerminal = oneScreen,
            ErrorIsTerminal = oneScreen,
        };
        var printer = new AnswerPrinter(terminal, json: false, verbose: true);
        foreach (var next in events)
        {
            printer.Show(next);
        }

        printer.EndLine();
    }
}
