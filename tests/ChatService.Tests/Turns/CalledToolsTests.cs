using Chat.V1;
using ChatGrpc.Providers;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class CalledToolsTests
{
    private readonly CalledTools _calls = new(
        new ToolBelt([], [new ClientTool { Name = "look" }]), step: 3, before: [new ToolCall { Id = "before" }]);

    [Fact]
    public void Add_PiecesOfTwoCalls_DeltasAndThenTheWhole()
    {
        ToolCall?[] told =
        [
            Add(new(0, "a", "look"), ""), Add(new(0, "a", "look"), "{\"x\":"), Add(new(1, "b", "none"), "{}"),
            Add(new(0, "a", "look"), "1}"),
        ];

        Assert.Equal(["", "{\"x\":", "{}", "1}"], told.Select(call => call!.ArgumentsDelta));
        Assert.Equal(["a", "a", "b", "a"], told.Select(call => call!.Id));
        Assert.All(told, call => Assert.Empty(call!.ArgumentsJson));
        Assert.Equal(
            [("a", "look", ToolKind.Client, "{\"x\":1}"), ("b", "none", ToolKind.Server, "{}")],
            _calls.Whole.Select(call => (call.Id, call.Name, call.Kind, call.ArgumentsJson)));
    }

    [Fact]
    public void Add_NameComesLate_NothingIsToldBefore()
    {
        Assert.Null(Add(new(0, "", ""), "{\"x"));
        Assert.Equal("{\"x\":1}", Add(new(0, "", "look"), "\":1}")!.ArgumentsDelta);
    }

    [Fact]
    public void Add_NoIdsOrTheSameTwice_OursInTheirPlace()
    {
        _ = Add(new(0, "", "look"), "{}");
        _ = Add(new(1, "dup", "look"), "{}");
        _ = Add(new(2, "dup", "look"), "{}");
        _ = Add(new(3, "with space", "look"), "{}");
        _ = Add(new(4, "before", "look"), "{}");

        Assert.Equal(["call_3_1", "dup", "call_3_3", "call_3_4", "call_3_5"], _calls.Whole.Select(call => call.Id));
    }

    [Fact]
    public void Add_ProviderTakesAnIdLikeOurs_NoIdTwice()
    {
        _ = Add(new(0, "call_3_2", "look"), "{}");
        _ = Add(new(1, "", "look"), "{}");
        _ = Add(new(2, "", "look"), "{}");

        Assert.Equal(3, _calls.Whole.Select(call => call.Id).Distinct().Count());
    }

    [Fact]
    public void Add_HalfACharacter_IsToldWithItsOtherHalf()
    {
        Assert.Equal("\"", Add(new(0, "a", "look"), "\"\ud83d")!.ArgumentsDelta);
        Assert.Equal("\ud83d\ude00\"", Add(new(0, "a", "look"), "\ude00\"")!.ArgumentsDelta);
    }

    [Fact]
    public void Whole_NoArguments_AnEmptyObject()
    {
        _ = Add(new(0, "a", "look"), "");

        Assert.Equal("{}", Assert.Single(_calls.Whole).ArgumentsJson);
    }

    [Fact]
    public void Excess_BeyondItsBounds_Only()
    {
        for (var i = 0; i < 64; i++)
        {
            _ = Add(new(i, "", "look"), "{}");
        }

        Assert.Null(_calls.Excess);
        _ = Add(new(64, "", "look"), "{}");
        Assert.Equal("TOOL_CALLS_TOO_MANY", _calls.Excess?.Reason);

        var large = new CalledTools(
            new ToolBelt([], []), step: 1, before: [new ToolCall { ArgumentsJson = new string('x', 600_000) }]);
        _ = large.Add(ModelEvent.ToolCall(new(0, "a", "look"), new string('x', 400_000)));
        Assert.Null(large.Excess);
        _ = large.Add(ModelEvent.ToolCall(new(0, "a", "look"), "x"));
        Assert.Equal("ANSWER_TOO_LONG", large.Excess?.Reason);
        large.Clear();
        Assert.Null(large.Excess);
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("{\"x\":1}", true)]
    [InlineData("[]", false)]
    [InlineData("{", false)]
    [InlineData("", false)]
    public void AreArguments_Json_AnObjectAlone(string json, bool expected) =>
        Assert.Equal(expected, CalledTools.AreArguments(json));

    private ToolCall? Add(ModelToolCall call, string delta) => _calls.Add(ModelEvent.ToolCall(call, delta));
}
