using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class TokenGatheringTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly TurnLog _log = new("stream", 1, 1 << 20, () => { });

    [Fact]
    public void Add_SmallDeltas_OneTokenWhenTheDelayIsOver()
    {
        var gathering = Gather(maxDelayMs: 50, maxCharacters: 100);

        gathering.Add(TokenChannel.Answer, "one ");
        _clock.Advance(TimeSpan.FromMilliseconds(49));
        gathering.Add(TokenChannel.Answer, "two ");
        Assert.Empty(Tokens());
        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["one two "], Tokens());
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(Tokens());

        gathering.Add(TokenChannel.Answer, "three");
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(["one two ", "three"], Tokens());
    }

    [Fact]
    public void Add_UpToTheBound_ShownWithoutDelayAndNeverInsideAScalar()
    {
        var gathering = Gather(maxDelayMs: 1_000, maxCharacters: 3);

        gathering.Add(TokenChannel.Answer, "a😀中b😀");

        Assert.Equal(["a😀中"], Tokens());
        gathering.Add(TokenChannel.Answer, "🏳️x");
        Assert.Equal(["a😀中", "b😀🏳"], Tokens());
        gathering.End();
        Assert.Equal(["a😀中", "b😀🏳", "\uFE0Fx"], Tokens());
    }

    [Fact]
    public void Add_AnotherChannel_ShowsWhatWaitedFirst()
    {
        var gathering = Gather(maxDelayMs: 1_000, maxCharacters: 100);

        gathering.Add(TokenChannel.Reasoning, "hm");
        gathering.Add(TokenChannel.Answer, "yes");
        gathering.Flush();

        Assert.Equal(["hm", "yes"], Tokens());
    }

    [Fact]
    public void End_WithTheTimerRunning_NothingComesAfterIt()
    {
        var gathering = Gather(maxDelayMs: 50, maxCharacters: 100);
        gathering.Add(TokenChannel.Answer, "one");

        gathering.End();
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["one"], Tokens());
    }

    [Fact]
    public async Task Run_WithCoalescing_TheSameTextInFewerEvents()
    {
        await using var scene = new TurnScene();
        var turn = await scene.StartAsync(new StreamChatRequest
        {
            Message = "/demo tokens=100 rate=max reasoning=10",
            Coalescing = new Coalescing { MaxCharacters = 50 },
        });
        var reading = await scene.Read(turn).ToEndAsync();
        var plain = await scene.AllAsync("/demo tokens=100 rate=max reasoning=10");

        await StreamContract.CheckAsync(scene, turn, reading, StreamState.Completed);
        Assert.Equal((plain.Answer, plain.Reasoning), (reading.Answer, reading.Reasoning));
        Assert.Equal(plain.End.AnswerSha256, reading.End.AnswerSha256);
        var tokens = reading.Logged.Where(one => one.Token is not null).Select(one => one.Token.Text.Length).ToList();
        Assert.All(tokens, length => Assert.InRange(length, 1, 50));
        Assert.True(tokens.Count < 20, $"{tokens.Count} tokens");
    }

    private TokenGathering Gather(int maxDelayMs, int maxCharacters) =>
        new(new Coalescing { MaxDelayMs = maxDelayMs, MaxCharacters = maxCharacters }, _log, _clock);

    private List<string> Tokens()
    {
        var texts = new List<string>();
        for (var at = 0L; _log.Read(at, out var found) == LogPosition.Event; at = found!.Sequence)
        {
            texts.Add(found!.Token.Text);
        }

        return texts;
    }
}
