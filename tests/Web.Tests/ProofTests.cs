using Chat.V1;
using static Microsoft.Playwright.Assertions;

namespace Web.Tests;

public sealed class ProofTests(Chromium browser)
{
    private const string Ok = "grpc-status: 0";

    [Fact]
    public async Task Stream_Honest_IsWhole()
    {
        await using var scene = await ReadAsync(ForgedStream.Honest(), Ok);

        await Expect(scene.Prose).ToHaveTextAsync("Word");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Notes).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Stream_TextIsAnother_IsTold()
    {
        var events = ForgedStream.Honest();
        events[1].Token.Text = "Ward";
        await using var scene = await ReadAsync(events, Ok);

        await Expect(scene.Notes).ToContainTextAsync("This text is not the one that the service saved.");
        await Expect(scene.Figures).Not.ToContainTextAsync("✓");
    }

    [Fact]
    public async Task Stream_AnEventIsMissing_IsTold()
    {
        var events = ForgedStream.Honest();
        events.RemoveAt(2);
        await using var scene = await ReadAsync(events, Ok);

        await Expect(scene.Notes).ToContainTextAsync("Events were lost, repeated or out of order");
        await Expect(scene.Figures).Not.ToContainTextAsync("✓");
    }

    [Fact]
    public async Task Stream_CountsMoreThanCame_IsTold()
    {
        var events = ForgedStream.Honest();
        events[^1].StreamEnd.LastSequence = 5;
        await using var scene = await ReadAsync(events, Ok);

        await Expect(scene.Notes).ToContainTextAsync("Events are missing at the end");
    }

    [Theory]
    [InlineData("", "The connection was lost; the answer may go on at the service.")]
    [InlineData(Ok, "The stream ended without its end mark: this answer is not whole.")]
    public async Task Stream_WithoutItsEnd_IsTold(string trailers, string sentence)
    {
        await using var scene = await ReadAsync(ForgedStream.Honest()[..^1], trailers);

        await Expect(scene.Notes).ToHaveCountAsync(1);
        await Expect(scene.Notes).ToContainTextAsync(sentence);
        await Expect(scene.Prose).ToHaveTextAsync("Word");
    }

    [Fact]
    public async Task Stream_TextIsWithdrawn_OnlyTheRestIsShown()
    {
        var events = ForgedStream.Honest();
        events.InsertRange(2,
        [
            new() { Sequence = 2, Token = new() { Text = "s that go", Channel = TokenChannel.Answer } },
            new() { Sequence = 3, Retract = new() { AfterSequence = 1 } },
            new() { Sequence = 4, Warning = new() { Code = "FALLBACK_MODEL", Message = "Another model goes on." } },
        ]);
        events[^3].Sequence = 5;
        events[^2].Sequence = 6;
        events[^1].Sequence = events[^1].StreamEnd.LastSequence = 7;
        await using var scene = await ReadAsync(events, Ok);

        await Expect(scene.Prose).ToHaveTextAsync("Word");
        await Expect(scene.Figures).ToContainTextAsync("✓ whole");
        await Expect(scene.Notes).ToContainTextAsync("Another model goes on.");
    }

    private async Task<PageScene> ReadAsync(IEnumerable<StreamChatResponse> events, string trailers)
    {
        var scene = await PageScene.OpenAsync(browser);
        await scene.Page.ForgeAsync(events, trailers);
        await scene.SendAsync("Say a word");
        await Expect(scene.Answer).ToHaveAttributeAsync("aria-busy", "false");
        return scene;
    }
}
