using Chat.V1;
using ChatClient.Tests.Sessions;
using ChatGrpc.Client;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ChatClient.Tests.Search;

public sealed class SearchCommandTests
{
    private const string Message = "01a1fcec-8218-763f-a1e6-ca442437a7e1";

    private readonly List<SearchMessagesRequest> _asked = [];

    [Fact]
    public async Task Search_Hits_TellConversationAuthorAndPlace()
    {
        await using var service = await Answering(
            Hit("A cup of tea, please", (2, 5), (9, 12)),
            new SearchHit { SessionId = "s", SessionTitle = "Tea", Snippet = "Tea", CreateTime = Time });
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "search", "cup", "tea"));
        Assert.Equal(
            """
            s  2030-01-01 12:00  Tea
                demo (2437a7e1): A cup of tea, please
            s  2030-01-01 12:00  Tea
                the title: Tea

            """,
            chat.Output);
        Assert.Equal(("", "cup tea"), (chat.Error, Assert.Single(_asked).Query));
    }

    [Theory]
    [InlineData("A cup of tea", "A \e[1mcup\e[0m of \e[1mtea\e[0m", 2, 5, 9, 12)]
    [InlineData("👨‍👩‍👧 ﬁne tea", "👨‍👩‍👧 \e[1mﬁne\e[0m \e[1mtea\e[0m", 6, 9, 10, 13)]
    [InlineData("tea\e[31m tea", "\e[1mtea\e[0m\uFFFD[31m \e[1mtea\e[0m", 0, 3, 9, 12)]
    [InlineData("tea", "\e[1mtea\e[0m\e[1m\e[0m", 0, 3, 2, 900)]
    public async Task Search_OnATerminal_MatchesAreBold(string snippet, string shown, int a, int b, int c, int d)
    {
        await using var service = await Answering(Hit(snippet, (a, b), (c, d)));
        using var chat = new ChatProgram { IsTerminal = true, Colors = true };

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "search", "tea"));
        Assert.Equal($"    demo (2437a7e1): {shown}", chat.Output.Split('\n')[1]);
    }

    [Fact]
    public async Task Search_NothingFound_IsAnAnswer()
    {
        await using var service = await Answering();
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, "search", "tea"));
        Assert.Equal(("", "Nothing was found.\n"), (chat.Output, chat.Error));
    }

    [Fact]
    public async Task Search_BeyondAPage_AsksForAsManyAsTheLimitLeaves()
    {
        await using var service = await Answering([.. Enumerable.Range(0, 300).Select(i => Hit($"tea {i}"))]);
        using var chat = new ChatProgram();

        var exit = await chat.RunAsync(service.Address, "search", "tea", "--limit", "250", "--json", "--session", "s");

        Assert.Equal(ExitCodes.Ok, exit);
        Assert.Equal([100, 100, 50], _asked.Select(request => request.PageSize));
        Assert.All(_asked, request => Assert.Equal("s", request.SessionId));
        Assert.Equal(
            Enumerable.Range(0, 250).Select(i => $"tea {i}"),
            chat.Output.TrimEnd().Split('\n').Select(line => JsonParser.Default.Parse<SearchHit>(line).Snippet));
        Assert.StartsWith("There are more than these 250;", chat.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"green tea\" cup", "green tea", "cup")]
    [InlineData("\"green tea\" cup", "\"green tea\" cup")]
    [InlineData("--tea", "--", "--tea")]
    public async Task Search_WordsThatTheShellHeldTogether_AreOneTerm(string query, params string[] words)
    {
        await using var service = await Answering();
        using var chat = new ChatProgram();

        Assert.Equal(ExitCodes.Ok, await chat.RunAsync(service.Address, ["search", .. words]));
        Assert.Equal(query, Assert.Single(_asked).Query);
    }

    private static Timestamp Time => Timestamp.FromDateTimeOffset(new DateTimeOffset(2030, 1, 1, 12, 0, 0, default));

    private static SearchHit Hit(string snippet, params (int Start, int End)[] matches) => new()
    {
        SessionId = "s",
        SessionTitle = "Tea",
        MessageId = Message,
        Author = "demo",
        Snippet = snippet,
        CreateTime = Time,
        Matches = { matches.Select(match => new TextSpan { Start = match.Start, End = match.End }) },
    };

    private Task<ForgedSessions> Answering(params SearchHit[] hits) => new ForgedSessions
    {
        Searching = request =>
        {
            _asked.Add(request);
            var from = request.PageToken.Length > 0 ? int.Parse(request.PageToken) : 0;
            var to = Math.Min(hits.Length, from + request.PageSize);
            return new SearchMessagesResponse
            {
                Hits = { hits[from..to] },
                NextPageToken = to < hits.Length ? $"{to}" : "",
            };
        },
    }.StartAsync();
}
