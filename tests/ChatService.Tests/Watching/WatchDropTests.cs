using Chat.V1;
using ChatGrpc.TestKit;
using ChatGrpc.Tests.Turns;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Watching;

/// <summary>Whoever is cut off, wherever, and goes on with the last cursor ends up knowing what others know.</summary>
public sealed class WatchDropTests
{
    private const string LastTitle = "The last of it";

    // More than one call is told in all.
    private const int Responses = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Drop_AfterAnyResponse_TheSameViewInTheEnd(int seed)
    {
        await using var scene = new TurnScene(new TurnOptions { TailBytes = 4_096 });
        var whole = Follow(scene, []);
        var cut = Enumerable.Range(1, Responses).Select(i => Follow(scene, [i])).ToArray();
        var often = Enumerable.Range(0, 20)
            .Select(i => Follow(scene, Cuts(new Random((seed * 100) + i)))).ToArray();

        // Whoever is sent away at the end has been told everything.
        await PlayAsync(scene, new Random(seed));
        scene.Signals.End();

        var expected = await whole.InTime();
        Assert.Equal(LastTitle, expected.Session!.Title);
        foreach (var view in await Task.WhenAll([.. cut, .. often]).InTime())
        {
            Assert.Equal(expected.Text, view.Text);
            foreach (var message in expected.Messages)
            {
                // Who was away at its end has the first of a turn's events, and the message for the rest.
                var known = view.EventsOf(message.StreamId);
                Assert.Equal((await scene.StoredEventsAsync(message.StreamId)).Take(known.Count), known);
            }
        }
    }

    private static IEnumerable<int> Cuts(Random random)
    {
        while (true)
        {
            yield return random.Next(4, 20);
        }
    }

    // From before the session's first message on, so that all of it has to be told.
    private static Task<WatchedView> Follow(TurnScene scene, IEnumerable<int> cuts)
    {
        var first = new Watch(scene);
        Assert.True(first.IsQuiet());
        return Task.Run(() => FollowAsync(scene, first, cuts));
    }

    // Each cut is after so many responses of a call.
    private static async Task<WatchedView> FollowAsync(TurnScene scene, Watch first, IEnumerable<int> cuts)
    {
        var view = new WatchedView();
        foreach (var cut in cuts.Append(int.MaxValue))
        {
            await using var watch = view.Session is null ? first : new Watch(scene, cursor: view.Cursor);
            while (watch.Responses.Count < cut && await watch.NextAsync() is not null)
            {
            }

            view.Fold(watch.Responses);
            if (watch.Failure is not null)
            {
                Assert.Same(TurnFailures.Stopping, watch.Failure);
                break;
            }
        }

        return view;
    }

    private static async Task PlayAsync(TurnScene scene, Random random)
    {
        for (var i = 0; i < 5; i++)
        {
            Turn[] turns =
            [
                await scene.StartAsync(Queued("/demo hang after=3 rate=max")),
                await scene.StartAsync(Queued("/demo tokens=12 rate=max")),
                await scene.StartAsync(Queued("/demo tokens=2 rate=max")),
            ];
            await WorkAsync(random);
            _ = await scene.CancelAsync(turns[random.Next(2) * 2]);
            await WorkAsync(random);
            _ = await scene.CancelAsync(turns[0]);
            await Task.WhenAll(turns.Select(turn => turn.Completion)).InTime();
            await RenameAsync(scene, $"Title {i}");
        }

        await RenameAsync(scene, LastTitle);
    }

    private static StreamChatRequest Queued(string message) =>
        new() { Message = message, SessionId = "session", OnBusy = OnBusy.Queue };

    private static async Task RenameAsync(TurnScene scene, string title)
    {
        _ = await scene.Store.RenameSessionAsync(
            TurnScene.Tenant, "session", title, scene.Clock.GetUtcNow(), CancellationToken.None).InTime();
        scene.Signals.Changed(TurnScene.Tenant, "session");
    }

    // Gives the watchers some of the processor.
    private static async Task WorkAsync(Random random)
    {
        for (var i = random.Next(200); i > 0; i--)
        {
            await Task.Yield();
        }
    }
}
