using ChatGrpc.Providers;
using ChatGrpc.TestKit;

namespace ChatGrpc.Tests.Providers.Resilience;

/// <summary>Which layer fails how, what the reader gets, and what is asked, in the words of the chain.</summary>
public sealed class FallbackChainTests
{
    [Theory]
    // Nothing fails.
    [InlineData("a: Hi . | b: Ho .", "?a Hi .", "a")]
    [InlineData("a=: Hi . | b: Ho .", "?a Hi .", "a/whole")]
    [InlineData("a=: Hi .", "?a Hi .", "a/whole")]
    // A model without fallbacks fails as it is.
    [InlineData("a: !PROVIDER_ERROR", "?a !PROVIDER_ERROR", "a")]
    [InlineData("a: Hi", "?a Hi !PROVIDER_STREAM_CUT", "a")]
    // The same model would fail again: the next one is asked at once.
    [InlineData("a: !PROVIDER_UNREACHABLE | b: Ho .",
        "?a [MODEL a>b PROVIDER_UNREACHABLE] ?b Ho .", "a b")]
    [InlineData("a: !PROVIDER_AUTHENTICATION | b: Ho .",
        "?a [MODEL a>b PROVIDER_AUTHENTICATION] ?b Ho .", "a b")]
    [InlineData("a: !PROVIDER_RATE_LIMITED | b: Ho .",
        "?a [MODEL a>b PROVIDER_RATE_LIMITED] ?b Ho .", "a b")]
    [InlineData("a: !MODEL_UNAVAILABLE | b: Ho .", "?a [MODEL a>b MODEL_UNAVAILABLE] ?b Ho .", "a b")]
    [InlineData("a: !FIRST_TOKEN_TIMEOUT | b: Ho .", "?a [MODEL a>b FIRST_TOKEN_TIMEOUT] ?b Ho .", "a b")]
    [InlineData("a: !OF_A_CLIENT_OF_ITS_OWN | b: Ho .", "?a [MODEL a>b OF_A_CLIENT_OF_ITS_OWN] ?b Ho .", "a b")]
    // The whole answer may come where the stream does not.
    [InlineData("a: !PROVIDER_ERROR; Hi . | b: Ho .",
        "?a [NON_STREAMING a>a PROVIDER_ERROR] ?a Hi .", "a a/whole")]
    [InlineData("a: ; Hi . | b: Ho .",
        "?a [NON_STREAMING a>a PROVIDER_STREAM_CUT] ?a Hi .", "a a/whole")]
    [InlineData("a: !PROVIDER_ERROR | b: Ho .",
        "?a [NON_STREAMING a>a PROVIDER_ERROR] ?a [MODEL a>b PROVIDER_ERROR] ?b Ho .", "a a/whole b")]
    [InlineData("a=: !PROVIDER_ERROR | b: Ho .", "?a [MODEL a>b PROVIDER_ERROR] ?b Ho .", "a/whole b")]
    [InlineData("a: !PROVIDER_ERROR; !PROVIDER_UNREACHABLE | b: Ho .",
        "?a [NON_STREAMING a>a PROVIDER_ERROR] ?a [MODEL a>b PROVIDER_UNREACHABLE] ?b Ho .", "a a/whole b")]
    // What was refused may pass without instructions.
    [InlineData("a: !CONTEXT_TOO_LONG; Hi . | b: Ho .", "?a [PROMPT a>a CONTEXT_TOO_LONG] ?a Hi .", "a a/plain")]
    [InlineData("a: !PROVIDER_REJECTED_REQUEST | b: Ho .",
        "?a [PROMPT a>a PROVIDER_REJECTED_REQUEST] ?a [MODEL a>b PROVIDER_REJECTED_REQUEST] ?b Ho .", "a a/plain b")]
    [InlineData("a: !PROVIDER_ERROR; !CONTEXT_TOO_LONG; Hi . | b: Ho .",
        "?a [NON_STREAMING a>a PROVIDER_ERROR] ?a [PROMPT a>a CONTEXT_TOO_LONG] ?a Hi .", "a a/whole a/whole/plain")]
    // The next model has all of its own layers, and is asked as the first one was.
    [InlineData("a: !PROVIDER_ERROR | b: !PROVIDER_ERROR; !CONTEXT_TOO_LONG | c: Ha .",
        "?a [NON_STREAMING a>a PROVIDER_ERROR] ?a [MODEL a>b PROVIDER_ERROR] "
        + "?b [NON_STREAMING b>b PROVIDER_ERROR] ?b [PROMPT b>b CONTEXT_TOO_LONG] ?b [MODEL b>c CONTEXT_TOO_LONG] "
        + "?c Ha .",
        "a a/whole b b/whole b/whole/plain c")]
    // A filter is an answer.
    [InlineData("a: !CONTENT_FILTERED | b: Ho .", "?a !CONTENT_FILTERED", "a")]
    [InlineData("a+: Hi !CONTENT_FILTERED | b: Ho .", "?a Hi !CONTENT_FILTERED", "a")]
    // All have failed: something is said all the same, and the turn fails.
    [InlineData("a: !PROVIDER_UNREACHABLE | b: !MODEL_UNAVAILABLE",
        "?a [MODEL a>b PROVIDER_UNREACHABLE] ?b [APOLOGY b>b MODEL_UNAVAILABLE] Sorry !MODEL_UNAVAILABLE", "a b")]
    public Task Ask_FailureBeforeText_TheNextThatMayHelp(string chain, string said, string asked) =>
        AssertAsync(chain, said, asked);

    [Theory]
    // The same model goes on, once.
    [InlineData("a+: Hi ; Ho . | b+: Ha .", "?a Hi [CONTINUED a>a PROVIDER_STREAM_CUT] ?a Ho .", "a a+Hi")]
    [InlineData("a+: Hi ; Ho !PROVIDER_ERROR | b+: Ha .",
        "?a Hi [CONTINUED a>a PROVIDER_STREAM_CUT] ?a Ho [CONTINUED a>b PROVIDER_ERROR] ?b Ha .", "a a+Hi b+HiHo")]
    [InlineData("a+: Hi ; !PROVIDER_UNREACHABLE | b+: Ha .",
        "?a Hi [CONTINUED a>a PROVIDER_STREAM_CUT] ?a [CONTINUED a>b PROVIDER_UNREACHABLE] ?b Ha .", "a a+Hi b+Hi")]
    [InlineData("a+: Hi ; Ho | b+: Ha ; He .",
        "?a Hi [CONTINUED a>a PROVIDER_STREAM_CUT] ?a Ho [CONTINUED a>b PROVIDER_STREAM_CUT] "
        + "?b Ha [CONTINUED b>b PROVIDER_STREAM_CUT] ?b He .",
        "a a+Hi b+HiHo b+HiHoHa")]
    // A model that cannot begins anew, and what was said is withdrawn.
    [InlineData("a: Hi | b: Ho .", "?a Hi < [MODEL a>b PROVIDER_STREAM_CUT] ?b Ho .", "a b")]
    [InlineData("a: Hi !PROVIDER_ERROR | b+: Ho .", "?a Hi [CONTINUED a>b PROVIDER_ERROR] ?b Ho .", "a b+Hi")]
    [InlineData("a+: Hi | b: Ho .",
        "?a Hi [CONTINUED a>a PROVIDER_STREAM_CUT] ?a Hi < [MODEL a>b PROVIDER_STREAM_CUT] ?b Ho .", "a a+Hi b")]
    // Nobody carries on what is not the answer's text alone.
    [InlineData("a+: ~hm Hi | b+: Ho .", "?a ~hm Hi < [MODEL a>b PROVIDER_STREAM_CUT] ?b Ho .", "a b")]
    [InlineData("a+: Hi @time | b+: Ho .", "?a Hi @time < [MODEL a>b PROVIDER_STREAM_CUT] ?b Ho .", "a b")]
    [InlineData("a+: ~hm | b+: Ho .", "?a ~hm < [MODEL a>b PROVIDER_STREAM_CUT] ?b Ho .", "a b")]
    // What was withdrawn does not count any more.
    [InlineData("a: ~hm | b+: Ho ; Ha . | c: He .",
        "?a ~hm < [MODEL a>b PROVIDER_STREAM_CUT] ?b Ho [CONTINUED b>b PROVIDER_STREAM_CUT] ?b Ha .", "a b b+Ho")]
    [InlineData("a: Hi | b: !PROVIDER_UNREACHABLE",
        "?a Hi < [MODEL a>b PROVIDER_STREAM_CUT] ?b [APOLOGY b>b PROVIDER_UNREACHABLE] Sorry !PROVIDER_UNREACHABLE",
        "a b")]
    // Nothing is left: the turn fails with what there is, and nobody apologizes in the middle of an answer.
    [InlineData("a: !PROVIDER_UNREACHABLE | b: Ho !PROVIDER_ERROR",
        "?a [MODEL a>b PROVIDER_UNREACHABLE] ?b Ho !PROVIDER_ERROR", "a b")]
    [InlineData("a+: Hi | b+: Ho",
        "?a Hi [CONTINUED a>a PROVIDER_STREAM_CUT] ?a Hi [CONTINUED a>b PROVIDER_STREAM_CUT] "
        + "?b Ho [CONTINUED b>b PROVIDER_STREAM_CUT] ?b Ho !PROVIDER_STREAM_CUT",
        "a a+Hi b+HiHi b+HiHiHo")]
    public Task Ask_FailureAfterText_CarriedOnOrWithdrawn(string chain, string said, string asked) =>
        AssertAsync(chain, said, asked);

    [Fact]
    public async Task Ask_NoInstructions_ThePlainPromptIsSkipped()
    {
        var chain = new ScriptedChain("a: !CONTEXT_TOO_LONG | b: Ho .", new ManualTimeProvider());

        var said = await chain.AskAsync(ScriptedChain.Request with { Instructions = "" });

        Assert.Equal("?a [MODEL a>b CONTEXT_TOO_LONG] ?b Ho .", said);
    }

    [Fact]
    public async Task Ask_WantsASchema_IsNeverCarriedOn()
    {
        var chain = new ScriptedChain("a+: {Hi | b+: {Ho} .", new ManualTimeProvider());

        var said = await chain.AskAsync(ScriptedChain.Request with { Schema = new ModelSchema("answer", "{}") });

        Assert.Equal("?a {Hi < [MODEL a>b PROVIDER_STREAM_CUT] ?b {Ho} .", said);
    }

    [Fact]
    public async Task Ask_CarriesOnAnOlderAnswer_TheNextModelGetsAllOfIt()
    {
        var chain = new ScriptedChain(
            "a+: Hi !CONTEXT_TOO_LONG; !PROVIDER_UNREACHABLE | b+: Ho .", new ManualTimeProvider());

        _ = await chain.AskAsync(ScriptedChain.Request with { Begun = "Before" });

        Assert.Equal("a+Before a+BeforeHi b+BeforeHi", chain.Asked);
    }

    [Fact]
    public async Task Ask_CarriesOnAnOlderAnswer_NobodyApologizesInItsMiddle()
    {
        var chain = new ScriptedChain("a: !PROVIDER_UNREACHABLE | b: !PROVIDER_UNREACHABLE", new ManualTimeProvider());

        var said = await chain.AskAsync(ScriptedChain.Request with { Begun = "Before" });

        Assert.EndsWith("?b !PROVIDER_UNREACHABLE", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_EarlierStepsHaveSpoken_NobodyApologizesAfterThem()
    {
        var chain = new ScriptedChain("a: !PROVIDER_UNREACHABLE | b: !PROVIDER_UNREACHABLE", new ManualTimeProvider());

        var said = await chain.AskAsync(ScriptedChain.Request with { HasSpoken = true });

        Assert.EndsWith("?b !PROVIDER_UNREACHABLE", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_CutInMidCharacter_TheHalfIsLeftOut()
    {
        var chain = new ScriptedChain("a+: Hi\ud83d ; Ho . | b: Ha .", new ManualTimeProvider());

        _ = await chain.AskAsync();

        Assert.Equal("a a+Hi", chain.Asked);
    }

    [Fact]
    public async Task Ask_StepsDown_AskForTheSameConversation()
    {
        var chain = new ScriptedChain("a: !PROVIDER_ERROR | b: Ho .", new ManualTimeProvider());
        var request = ScriptedChain.Request with { Temperature = 0.5, Tools = [new ModelTool("time", "", "{}")] };

        _ = await chain.AskAsync(request);

        Assert.Equal(request with { Model = "b" }, Assert.Single(chain.Models[1].Requests));
    }

    private static async Task AssertAsync(string line, string said, string asked)
    {
        var chain = new ScriptedChain(line, new ManualTimeProvider());

        Assert.Equal((said, asked), (await chain.AskAsync(), chain.Asked));
    }
}
