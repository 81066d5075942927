using Chaos.Tests.History;
using Chat.V1;
using static Chaos.Tests.Checking.Forged.Forgery;

namespace Chaos.Tests.Checking.Forged;

/// <summary>Histories of several replicas that must not be, each with the rule that it breaks.</summary>
internal static class FleetForgeries
{
    private const long Second = 1_000_000;

    public static IReadOnlyDictionary<string, (Rule Broken, Action<Forgery> Forge)> All { get; } =
        new Dictionary<string, (Rule, Action<Forgery>)>
        {
            ["a turn that ends long after its owner"] = (Rule.EndedSoon, it => Killed(it, 11)),
            ["a turn that nearly never ends"] = (Rule.EndedSoon, it =>
            {
                Killed(it, 40);
                it.Outages.Add(new Outage("away", 3 * Second, 4 * Second) { Begun = 3 * Second, IsTold = true });
            }
            ),
            ["INTERRUPTED, and another's owner was killed"] = (Rule.ReasonToEnd, it =>
            {
                Killed(it, 4);
                var other = it.Fleet!.Harms[0] with { Owned = new Dictionary<string, int>() };
                it.Fleet = it.Fleet with { Harms = [other] };
            }
            ),
            ["a turn that was taken from one that lived"] = (Rule.OwnersKeep, it =>
            {
                Killed(it, 4);
                it.Fleet = it.Fleet! with
                {
                    Moves = [new Move(StreamId, 5 * Second, "replica-1", "replica-2") { IsTheft = true }],
                };
            }
            ),
            ["STRICT and withdrawn"] = (Rule.StrictStays, it => Withdrawn(it, isStrict: true)),
        };

    /// <summary>The turn's owner was killed after two seconds, and so long after that the turn was ended.</summary>
    public static void Killed(Forgery it, int seconds)
    {
        Forgeries.End(it, StreamState.Interrupted, "TURN_INTERRUPTED");
        var owned = new Dictionary<string, int> { [StreamId] = (int)StreamState.Running };
        it.Fleet = new Fleet(
            [new Harm(HarmKind.Kill, "replica-1", 2 * Second, 8 * Second, owned)],
            new Dictionary<string, long> { [StreamId] = (2 + seconds) * Second })
        {
            Moves = [new Move(StreamId, 5 * Second, "replica-1", "replica-2") { HasRun = true }],
        };
    }

    /// <summary>Two tokens were shown and one of them was committed when the owner was killed.</summary>
    public static void Withdrawn(Forgery it, bool isStrict)
    {
        var deltas = Forgery.Question.Deltas();
        Killed(it, 4);
        var log = Ended(2, StreamState.Interrupted, [deltas[0]]).ToList();
        log[0] = Stored(1, Token(1, deltas[0]));
        log[1] = Stored(2, new StreamChatResponse
        {
            Sequence = 2,
            Error = new Error { Code = (int)Google.Rpc.Code.Unavailable, Reason = "TURN_INTERRUPTED" },
        });
        (it.Epoch, it.Log) = (2, log);
        it.Messages[1] = it.Messages[1] with { Text = deltas[0] };
        it.Calls.Add(new ProviderCall(0, Forgery.Question.Text, 2, Finished: false));
        it.Owner =
        [
            Send() with { IsStrict = isStrict }, Shown(Info(1, 0)), Shown(Token(1, deltas[0])),
            Shown(Token(2, deltas[1])), Status("Unavailable"), Resume(1, 2), Shown(Info(2, 1)),
            .. log.Skip(1).Select(logged => Shown(logged.Event)), Status("Unavailable"),
        ];
    }
}
