using ChatGrpc.Endpoints;
using ChatGrpc.Storage;

namespace ChatGrpc.Tests.Endpoints;

public sealed class PageTokenTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SessionRecord Session = new("s.1", "Title", Noon, Noon.AddHours(1), "head", null, 1);
    private static readonly ListedMessage Message = new(
        new MessageRecord("m", null, default, "", [], default), 7, "", "stream", Noon, null, default, 1);

    [Fact]
    public void Read_OfTheSameListing_ThePlace()
    {
        var sessions = PageToken.OfSessions("tenant").WriteSessions(Session);
        var messages = PageToken.OfMessages("tenant", "s.1", newestFirst: true).WriteMessages(Message, Session);

        Assert.Equal(
            new SessionPlace(Session.UpdatedAt, "s.1"), PageToken.OfSessions("tenant").ReadSessions(sessions));
        Assert.Equal(
            new MessagePlace(7, Noon),
            PageToken.OfMessages("tenant", "s.1", newestFirst: true).ReadMessages(messages));
        Assert.Matches("^[A-Za-z0-9_-]+$", sessions);
    }

    [Fact]
    public void Read_TheLongestSessionId_ThePlace()
    {
        var longest = Session with { SessionId = new string('x', 128) };
        var listing = PageToken.OfSessions("tenant");

        Assert.Equal(longest.SessionId, listing.ReadSessions(listing.WriteSessions(longest))!.SessionId);
    }

    [Fact]
    public void Read_OfATimeThatThisServiceNeverWrote_Null()
    {
        var listing = PageToken.OfSessions("tenant");

        Assert.Null(listing.ReadSessions(
            listing.WriteSessions(Session with { UpdatedAt = DateTimeOffset.UnixEpoch.AddMilliseconds(-1) })));
    }

    [Fact]
    public void Read_OfAnotherTenantOrListing_Null()
    {
        var sessions = PageToken.OfSessions("tenant").WriteSessions(Session);
        var messages = PageToken.OfMessages("tenant", "s.1", newestFirst: true).WriteMessages(Message, Session);

        Assert.Null(PageToken.OfSessions("foreign").ReadSessions(sessions));
        Assert.Null(PageToken.OfSessions("tenant").ReadSessions(messages));
        Assert.Null(PageToken.OfMessages("tenant", "s.1", newestFirst: true).ReadMessages(sessions));
        Assert.Null(PageToken.OfMessages("tenant", "s.1", newestFirst: false).ReadMessages(messages));
        Assert.Null(PageToken.OfMessages("tenant", "s.2", newestFirst: true).ReadMessages(messages));
        Assert.Null(PageToken.OfMessages("foreign", "s.1", newestFirst: true).ReadMessages(messages));
    }

    [Fact]
    public void Read_AnyCharacterChangedOrMissing_Null()
    {
        var listing = PageToken.OfSessions("tenant");
        var token = listing.WriteSessions(Session);

        for (var i = 0; i < token.Length; i++)
        {
            var other = token[i] == 'A' ? 'B' : 'A';
            Assert.Null(listing.ReadSessions($"{token[..i]}{other}{token[(i + 1)..]}"));
            Assert.Null(listing.ReadSessions(token[..i]));
        }
    }

    [Theory]
    [InlineData("s.1")]
    [InlineData("s.12")]
    [InlineData("s.123")]
    public void Read_WrittenInAnotherWay_Null(string sessionId)
    {
        var listing = PageToken.OfSessions("tenant");
        var token = listing.WriteSessions(Session with { SessionId = sessionId });

        Assert.All([$"{token}=", $"{token}==", $" {token}", $"{token[..5]}\n{token[5..]}"], other =>
            Assert.Null(listing.ReadSessions(other)));
        Assert.All("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Except(token[^1..]), last =>
            Assert.Null(listing.ReadSessions($"{token[..^1]}{last}")));
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("=")]
    [InlineData("not a token")]
    [InlineData("AQ==")]
    [InlineData("+/+/")]
    [InlineData("\u0000")]
    [InlineData("字")]
    public void Read_NoToken_Null(string token) => Assert.Null(PageToken.OfSessions("tenant").ReadSessions(token));

    [Fact]
    public void Read_AMillionCharacters_Null() =>
        Assert.Null(PageToken.OfSessions("tenant").ReadSessions(new string('A', 1_000_000)));
}
