using ChatGrpc.Providers.Demo;

namespace ChatGrpc.Tests.Providers.Demo;

public sealed class DemoDirectiveParserTests
{
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2);

    [Fact]
    public void Parse_EveryKey_Read()
    {
        var directive = Parsed(
            "/demo tokens=100 rate=50 wait=2s reasoning=5 split-emoji fail=rate-limited retry-after=2000ms after=10");

        Assert.Equal(
            new DemoDirective
            {
                Tokens = 100,
                Rate = 50,
                Wait = TwoSeconds,
                Reasoning = 5,
                SplitEmoji = true,
                After = 10,
                Ending = DemoEnding.Fail,
                Fault = DemoFault.RateLimited,
                RetryAfter = TwoSeconds,
            },
            directive);
    }

    [Theory]
    [InlineData("fail=network", DemoEnding.Fail)]
    [InlineData("cut", DemoEnding.Cut)]
    [InlineData("hang", DemoEnding.Hang)]
    [InlineData("", DemoEnding.Finish)]
    internal void Parse_Ending_Read(string word, DemoEnding expected) =>
        Assert.Equal(expected, Parsed($"/demo {word}").Ending);

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("0.25s", 250)]
    [InlineData("2s", 2_000)]
    [InlineData("1m", 60_000)]
    [InlineData("60m", 3_600_000)]
    public void Parse_Wait_Read(string value, int milliseconds) =>
        Assert.Equal(milliseconds, Parsed($"/demo wait={value}").Wait.TotalMilliseconds);

    [Fact]
    public void Parse_RateMax_NoTimer() => Assert.Equal(double.PositiveInfinity, Parsed("/demo rate=max").Rate);

    [Fact]
    public void Parse_Calls_EachWithItsArguments()
    {
        var directive = Parsed("/demo call=a call=b args={\"x\": \"} \\\" {\", \"y\": {}} rounds=3 cut");

        Assert.Equal(
            [new DemoCall("a", "{}"), new DemoCall("b", "{\"x\": \"} \\\" {\", \"y\": {}}")], directive.Calls);
        Assert.Equal((3, DemoEnding.Cut, (int?)null), (directive.Rounds, directive.Ending, directive.Tokens));
    }

    [Theory]
    [InlineData("/demo", 20, "")]
    [InlineData("/demo wait=2s", 20, "")]
    [InlineData("/demo wait=2s\nHello", null, "Hello")]
    [InlineData("/demo tokens=3\r\n\r\nHello\nyou", 3, "Hello\nyou")]
    public void Parse_TextBelow_AnsweredUnlessTokensAreAsked(string message, int? tokens, string text)
    {
        Assert.Equal(tokens, DemoDirectiveParser.Parse(message, out var below, out var error).Tokens);
        Assert.Equal((text, null), (below, error));
    }

    [Theory]
    [InlineData("Hello")]
    [InlineData("/demonstrate tokens=1")]
    [InlineData(" /demo tokens=1")]
    [InlineData("Hello\n/demo tokens=1")]
    [InlineData("")]
    public void Parse_NoDirective_TheWholeMessage(string message)
    {
        Assert.Same(DemoDirective.None, DemoDirectiveParser.Parse(message, out var text, out var error));
        Assert.Equal((message, null), (text, error));
    }

    [Theory]
    [InlineData("tokns=5", "no such key. Did you mean tokens?")]
    [InlineData("args={}", "behind its call")]
    [InlineData("call=a args={", "a JSON object")]
    [InlineData("call=a args=7", "a JSON object")]
    [InlineData("call=", "name of a tool")]
    [InlineData("rounds=0", "a whole number from 1")]
    [InlineData("json=good", "it takes bad")]
    [InlineData("tokens", "a whole number from 1")]
    [InlineData("tokens=", "a whole number from 1")]
    [InlineData("tokens=0", "a whole number from 1")]
    [InlineData("tokens=-1", "a whole number from 1")]
    [InlineData("tokens=1000001", "to 1000000")]
    [InlineData("tokens=1e3", "a whole number from 1")]
    [InlineData("reasoning=x", "a whole number from 0")]
    [InlineData("after=99999999999", "a whole number from 0")]
    [InlineData("rate=0", "or max")]
    [InlineData("rate=NaN", "or max")]
    [InlineData("rate=Infinity", "or max")]
    [InlineData("rate=-5", "or max")]
    [InlineData("wait=2", "500ms, 2s or 1m")]
    [InlineData("wait=2h", "500ms, 2s or 1m")]
    [InlineData("wait=s", "500ms, 2s or 1m")]
    [InlineData("wait=61m", "at most an hour")]
    [InlineData("fail=", "no such way to fail")]
    [InlineData("fail=Network", "no such way to fail")]
    [InlineData("cut=1", "takes no value")]
    [InlineData("split-emoji=yes", "takes no value")]
    [InlineData("cut hang", "one way only")]
    [InlineData("hang fail=network", "one way only")]
    public void Parse_Malformed_SaysWhatAndListsTheKeys(string words, string problem)
    {
        _ = DemoDirectiveParser.Parse($"/demo {words}", out _, out var error);

        Assert.NotNull(error);
        Assert.Contains(problem, error, StringComparison.Ordinal);
        Assert.All(
            ["tokens=", "rate=", "wait=", "reasoning=", "split-emoji", "after=", "cut", "hang", "retry-after=", "fail"],
            key => Assert.Contains(key, error, StringComparison.Ordinal));
    }

    private static DemoDirective Parsed(string message)
    {
        var directive = DemoDirectiveParser.Parse(message, out _, out var error);
        Assert.Null(error);
        return directive;
    }
}
