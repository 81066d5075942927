using Chat.V1;
using ChatGrpc.Endpoints;
using ChatGrpc.Watching;

namespace ChatGrpc.Tests.Endpoints;

/// <summary>Requests to watch, and the cursors that they hand back.</summary>
public sealed class WatchedSessionsTests
{
    private static readonly WatchPlace Place = new(7, 1_893_499_200_000);

    private static readonly WatchPlace InATurn = Place with
    {
        StreamId = Guid.CreateVersion7().ToString(),
        Epoch = 2,
        Sequence = 300,
    };

    public static TheoryData<int> Places => [0, 1, 2];

    [Theory]
    [MemberData(nameof(Places))]
    public void Cursor_OfTheSameSession_ThePlace(int index)
    {
        var place = ((WatchPlace[])[WatchPlace.None, Place, InATurn])[index];
        var cursor = new WatchCursor("tenant", "s").Write(place);

        Assert.Equal(place, new WatchCursor("tenant", "s").Read(cursor));
        Assert.Matches("^[A-Za-z0-9_-]+$", cursor);
        Assert.Null(new WatchCursor("foreign", "s").Read(cursor));
        Assert.Null(new WatchCursor("tenant", "s.1").Read(cursor));
        Assert.Null(PageToken.OfSessions("tenant").ReadSessions(cursor));
    }

    [Fact]
    public void Cursor_AnyCharacterChangedOrMissing_Null()
    {
        var cursors = new WatchCursor("tenant", "s");
        foreach (var cursor in (string[])[cursors.Write(Place), cursors.Write(InATurn)])
        {
            for (var i = 0; i < cursor.Length; i++)
            {
                var other = cursor[i] == 'A' ? 'B' : 'A';
                Assert.Null(cursors.Read($"{cursor[..i]}{other}{cursor[(i + 1)..]}"));
                Assert.Null(cursors.Read(cursor[..i]));
            }

            Assert.Null(cursors.Read(cursor + "A"));
        }

        Assert.Null(cursors.Read(new string('A', 1_000_000)));
    }

    [Fact]
    public void Read_GoodRequest_EachSessionWithItsPlace()
    {
        var request = Request("a");
        request.Cursor = new WatchCursor("tenant", "a").Write(Place);
        request.Also.Add(new WatchedSession { SessionId = "b" });
        request.Also.Add(
            new WatchedSession { SessionId = "c", Cursor = new WatchCursor("tenant", "c").Write(InATurn) });

        Assert.Null(WatchedSessions.Read("tenant", request, out var read));

        Assert.Equal(
            [new WatchStart("a", Place), new WatchStart("b", null), new WatchStart("c", InATurn)], read.Starts);
    }

    [Fact]
    public void Read_WrongFields_NamesEachOfThem()
    {
        var request = Request("a", "b", "not an id", "a", "c");
        request.Cursor = "nonsense";
        request.Also[3].Cursor = new WatchCursor("tenant", "another").Write(Place);

        Assert.Equal(
            ["cursor", "also[1].session_id", "also[2].session_id", "also[3].cursor"], Violations(request));
        Assert.Equal(["session_id"], Violations(new WatchSessionRequest()));
        Assert.Equal(["session_id"], Violations(Request(new string('x', 1_000_000))));
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    public void Read_Sessions_AtMostThirtyTwo(int count, bool isRight)
    {
        var request = Request([.. Enumerable.Range(0, count).Select(i => $"s{i}")]);

        Assert.Equal(isRight ? [] : ["also"], Violations(request));
    }

    private static WatchSessionRequest Request(params string[] sessions) => new()
    {
        SessionId = sessions[0],
        Also = { sessions.Skip(1).Select(session => new WatchedSession { SessionId = session }) },
    };

    private static IEnumerable<string> Violations(WatchSessionRequest request) =>
        WatchedSessions.Read("tenant", request, out _)?.Violations.Select(violation => violation.Field) ?? [];
}
