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

    private const int Rounds = 5;
    private const int TurnsOfARound = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Drop_AfterAnyResponse_TheSameViewInTheEnd(int seed)
    {
        await using var scene = new TurnScene(new TurnOptions { TailBytes = 4_096 });
        var views = FollowAll(scene, seed, isDone: static _ => false);

        // Whoever is sent away at the end has been told everything.
        await PlayAsync(scene, new Random(seed));
        scene.Signals.End();

        await CheckAsync(scene, await views.InTime());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Drop_TurnsOfAnotherProcess_TheSameViewInTheEnd(int seed)
    {
        var options = new TurnOptions { TailBytes = 4_096, Heartbeat = TimeSpan.FromDays(1) };
        await using var other = new TurnScene(options);
        await using var scene = new TurnScene(options, beside: other);
        var views = FollowAll(
            scene, seed,
            view => view.Session?.Title == LastTitle && view.Messages.Count(IsAnswer) == Rounds * TurnsOfARound);

        var play = PlayAsync(other, new Random(seed));
        await scene.PassTimeUntilAsync(Task.WhenAll(views, play));

        await CheckAsync(scene, await views);
    }

    private static bool IsAnswer(Message message) =>
        message.Role == MessageRole.Assistant && WatchedView.IsFinal(message);

    // The first is of one who was never cut off.
    private static Task<WatchedView[]> FollowAll(TurnScene scene, int seed, Func<WatchedView, bool> isDone) =>
        Task.WhenAll(
        [
            Follow(scene, [], isDone),
            .. Enumerable.Range(1, Responses).Select(i => Follow(scene, [i], isDone)),
            .. Enumerable.Range(0, 20).Select(i => Follow(scene, Cuts(new Random((seed * 100) + i)), isDone)),
        ]);

    private static async Task CheckAsync(TurnScene scene, WatchedView[] views)
    {
        var expected = views[0];
        Assert.Equal(LastTitle, expected.Session!.Title);
        Assert.Equal(Rounds * TurnsOfARound, expected.Messages.Count(IsAnswer));
        Assert.Contains(expected.Messages, message => expected.EventsOf(message.StreamId).Count > 0);
        foreach (var view in views)
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
    private static Task<WatchedView> Follow(
        TurnScene scene, IEnumerable<int> cuts, Func<WatchedView, bool> isDone)
    {
        var first = new Watch(scene);
        Assert.True(first.IsQuiet());
        return Task.Run(() => FollowAsync(scene, first, cuts, isDone));
    }

    // Each cut is after so many responses of a call.
    private static async Task<WatchedView> FollowAsync(
        TurnScene scene, Watch first, IEnumerable<int> cuts, Func<WatchedView, bool> isDone)
    {
        var view = new WatchedView();
        foreach (var cut in cuts.Append(int.MaxValue))
        {
            await using var watch = view.Session is null ? first : new Watch(scene, cursor: view.Cursor);
            view.Begin();
            while (watch.Responses.Count < cut && !isDone(view) && await watch.NextAsync() is { } told)
            {
                view.Add(told);
            }

            if (isDone(view))
            {
                break;
            }

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
        for (var i = 0; i < Rounds; i++)
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
