using Chaos.Tests.Checking.Forged;
using Chaos.Tests.History;
using Chat.V1;

namespace Chaos.Tests.Checking;

/// <summary>A checker that finds nothing proves nothing: each forged history has to be found out.</summary>
public sealed class CheckerTests
{
    private static readonly Dictionary<string, (Rule Broken, Action<Forgery> Forge)> All =
        Forgeries.All.Concat(FleetForgeries.All).ToDictionary();

    public static TheoryData<string> Names => [.. All.Keys];

    [Fact]
    public void Check_SoundHistory_FindsNothing() => Assert.Empty(new Forgery().Judge());

    [Fact]
    public void Check_ShownAndTakenBackByAnEpoch_FindsNothing()
    {
        var history = new Forgery { State = StreamState.Interrupted, Epoch = 2 };
        var tokens = Forgery.Question.Deltas();
        var whole = history.Log;
        history.Log =
            [.. whole.Take(1), .. Forgery.Ended(2, StreamState.Interrupted, [tokens[0]]).Skip(1)];
        history.Log[1] = Forgery.Stored(2, Failure(2));
        history.Messages[1] = history.Messages[1] with { State = StreamState.Interrupted, Text = tokens[0] };
        history.Kills.Add(new ServiceKill(5_500_000, 5_600_000));
        history.Owner =
        [
            Forgery.Send(), Forgery.Shown(Forgery.Info(1, 0)),
            .. whole.Take(4).Select(logged => Forgery.Shown(logged.Event)), Forgery.Status("Unavailable"),
            Forgery.Resume(1, 4), Forgery.Shown(Forgery.Info(2, 1)),
            .. history.Log.Skip(1).Select(logged => Forgery.Shown(logged.Event)), Forgery.Status("Unavailable"),
        ];
        Assert.Empty(history.Judge());
    }

    [Fact]
    public void Check_RefusedAndNothingLeft_FindsNothing()
    {
        var history = new Forgery { IsStored = false };
        history.Messages.Clear();
        history.Calls.Clear();
        history.Owner = [Forgery.Send(), Forgery.Status("Unavailable"), new Entry(0, 1, EntryKind.GaveUp)];
        Assert.Empty(history.Judge());
    }

    [Fact]
    public void Check_FailedByAnOutageBeforeItsFirstToken_FindsNothing()
    {
        var history = new Forgery();
        Forgeries.End(history, StreamState.Failed, "STORE_UNAVAILABLE");
        history.Outages.Add(Forgeries.Told(1, 1_000_000));
        Assert.Empty(history.Judge());
    }

    [Fact]
    public void Check_OutageAsItShouldBe_FindsNothing()
    {
        var history = new Forgery();
        Forgeries.Away(history, tokens: 9, warnings: 1);
        history.Others.Add(Forgeries.Refused(4_000_000));
        Rule[] ofOutages = [Rule.StreamsGoOn, Rule.Warned, Rule.RefusedAtOnce, Rule.SavedSoonAfter];
        Assert.DoesNotContain(history.Judge(), violation => ofOutages.Contains(violation.Rule));
    }

    [Fact]
    public void Check_OwnerKilledAndTurnEndedSoon_FindsNothing()
    {
        var history = new Forgery();
        FleetForgeries.Withdrawn(history, isStrict: false);
        Assert.Empty(history.Judge());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_ForgedHistory_FindsTheRuleThatIsBroken(string name)
    {
        var (broken, forge) = All[name];
        var history = new Forgery();
        forge(history);
        Assert.Contains(history.Judge(), violation => violation.Rule == broken);
    }

    [Fact]
    public void Forgeries_OfAllRules_LeaveNoneOut() => Assert.Equal(
        Enum.GetValues<Rule>().Order(), All.Values.Select(forgery => forgery.Broken).Distinct().Order());

    private static StreamChatResponse Failure(long sequence) => new()
    {
        Sequence = sequence,
        Error = new Error { Code = (int)Google.Rpc.Code.Unavailable, Reason = "TURN_INTERRUPTED" },
    };
}
