using Chat.V1;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Integration.Tests;

public sealed class SessionInputTests
{
    private const string TooLong =
        "0123456789012345678901234567890123456789012345678901234567890123"
        + "01234567890123456789012345678901234567890123456789012345678901234";

    // What the methods need beside a session.
    private const string Rest = "\"title\":\"x\",\"messageId\":\"m\",\"query\":\"xy\"";

    private static readonly string[] Methods =
    [
        "Get", "Rename", "Delete", "ListMessages", "SelectBranch", "Fork", "Search", "Export",
    ];

    [Fact]
    public async Task AnyMethod_WrongInput_NamesTheFields()
    {
        await using var deployment = await Deployment.StartAsync();
        (string Method, string Json, string[] Fields)[] table =
        [
            .. from method in Methods
               from id in (string[])["", "a b", "a/b", "\\u0000", "ü", "s\\n", TooLong]
               where id.Length > 0 || method != "Search"
               select (method, $$"""{"sessionId":"{{id}}",{{Rest}}}""", (string[])["session_id"]),
            .. from query in
                   (string[])["", "a", "😀 x", "\\\"", "ab \\\"cd", "a\\u0000b", new('x', 501), new('x', 10_000)]
               select ("Search", $$"""{"query":"{{query}}"}""", (string[])["query"]),
            ("Search", $$"""{"query":"{{string.Join(' ', Enumerable.Range(10, 17))}}"}""", ["query"]),
            ("Search", """{"query":"ab","pageSize":101}""", ["page_size"]),
            ("Search", """{"query":"ab","pageToken":"x"}""", ["page_token"]),
            ("SelectBranch", """{"sessionId":"s"}""", ["message_id"]),
            ("Fork", """{"sessionId":"s","newSessionId":"a b"}""", ["new_session_id"]),
            ("Export", """{"sessionId":"s","format":77}""", ["format"]),
            .. from method in (string[])["List", "ListMessages"]
               from size in (int[])[0, -1, 201, int.MaxValue, int.MinValue]
               select (method, $$"""{"sessionId":"s","pageSize":{{size}}}""", (string[])["page_size"]),
            .. from method in (string[])["List", "ListMessages"]
               from token in (string[])["x", "AAAA", "not a token", "\\u0000"]
               select (method, $$"""{"sessionId":"s","pageToken":"{{token}}"}""", (string[])["page_token"]),
            .. from title in (string[])["", " \\u3000", "a\\nb", "a\\u0000", "a\\u2028b", "\\u001b[2J", new('x', 201)]
               select ("Rename", $$"""{"sessionId":"s","title":"{{title}}"}""", (string[])["title"]),
            ("Rename", "{}", ["session_id", "title"]),
            ("ListMessages", """{"pageSize":0}""", ["session_id", "page_size"]),
        ];

        foreach (var (method, json, fields) in table)
        {
            var failure = await FailAsync(deployment, method, json);

            Assert.Equal((method, json, StatusCode.InvalidArgument), (method, json, failure.StatusCode));
            var request = failure.GetRpcStatus()!.GetDetail<BadRequest>()!;
            Assert.Equal(fields, request.FieldViolations.Select(violation => violation.Field).Distinct());
        }
    }

    [Fact]
    public async Task AnyMethod_AbsentSession_TheSameNotFound()
    {
        await using var deployment = await Deployment.StartAsync();

        foreach (var method in Methods)
        {
            var failure = await FailAsync(deployment, method, $$"""{"sessionId":"absent",{{Rest}}}""");

            Assert.Equal(StatusCode.NotFound, failure.StatusCode);
            Assert.Equal("There is no such session.", failure.Status.Detail);
            Assert.Equal("SESSION_NOT_FOUND", failure.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason);
        }
    }

    [Fact]
    public async Task ListMessages_TokenOfAnotherListing_NamesPageToken()
    {
        await using var deployment = await Deployment.StartAsync();
        _ = await SayAsync(deployment, "one");
        _ = await SayAsync(deployment, "two");
        var sessions = deployment.Sessions();
        var ofSessions = (await sessions.ListSessionsAsync(new ListSessionsRequest { PageSize = 1 })).NextPageToken;
        var request = new ListMessagesRequest { SessionId = "one", PageSize = 1 };
        var ofMessages = (await sessions.ListMessagesAsync(request)).NextPageToken;
        _ = await sessions.DeleteSessionAsync(new DeleteSessionRequest { SessionId = "two" });
        (string Method, string Json)[] table =
        [
            ("List", $$"""{"pageToken":"{{ofMessages}}"}"""),
            ("ListMessages", $$"""{"sessionId":"one","pageToken":"{{ofSessions}}"}"""),
            ("ListMessages", $$"""{"sessionId":"two","pageToken":"{{ofMessages}}"}"""),
            ("ListMessages", $$"""{"sessionId":"one","newestFirst":true,"pageToken":"{{ofMessages}}"}"""),
        ];

        foreach (var (method, json) in table)
        {
            Assert.Equal("page_token", Field(await FailAsync(deployment, method, json)));
        }

        Assert.Single((await sessions.ListMessagesAsync(
            new ListMessagesRequest { SessionId = "one", PageToken = ofMessages })).Messages);
    }

    [Fact]
    public async Task ListMessages_TokenOfADeletedSession_IsNoneOfTheNewOne()
    {
        await using var deployment = await Deployment.StartAsync();
        _ = await SayAsync(deployment, "s");
        var request = new ListMessagesRequest { SessionId = "s", PageSize = 1 };
        var token = (await deployment.Sessions().ListMessagesAsync(request)).NextPageToken;
        _ = await deployment.Sessions().DeleteSessionAsync(new DeleteSessionRequest { SessionId = "s" });
        _ = await SayAsync(deployment, "s");

        var failure = await FailAsync(
            deployment, "ListMessages", $$"""{"sessionId":"s","pageToken":"{{token}}"}""");

        Assert.Equal("page_token", Field(failure));
    }

    private static string Field(RpcException failure) =>
        Assert.Single(failure.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations).Field;

    private static Task<Reading> SayAsync(Deployment deployment, string session) => Reading.AllAsync(
        deployment.Client, new StreamChatRequest { SessionId = session, Message = "/demo tokens=1 rate=max" });

    private static Task<RpcException> FailAsync(Deployment deployment, string method, string json)
    {
        var sessions = deployment.Sessions();
        return Assert.ThrowsAsync<RpcException>(() => (method switch
        {
            "Get" => (Task)sessions.GetSessionAsync(Parse<GetSessionRequest>()).ResponseAsync,
            "List" => sessions.ListSessionsAsync(Parse<ListSessionsRequest>()).ResponseAsync,
            "Rename" => sessions.RenameSessionAsync(Parse<RenameSessionRequest>()).ResponseAsync,
            "SelectBranch" => sessions.SelectBranchAsync(Parse<SelectBranchRequest>()).ResponseAsync,
            "Fork" => sessions.ForkSessionAsync(Parse<ForkSessionRequest>()).ResponseAsync,
            "Search" => sessions.SearchMessagesAsync(Parse<SearchMessagesRequest>()).ResponseAsync,
            "Export" => sessions.ExportSession(Parse<ExportSessionRequest>()).ResponseStream
                .MoveNext(CancellationToken.None),
            "Delete" => sessions.DeleteSessionAsync(Parse<DeleteSessionRequest>()).ResponseAsync,
            _ => sessions.ListMessagesAsync(Parse<ListMessagesRequest>()).ResponseAsync,
        }).InTime());

        T Parse<T>()
            where T : IMessage<T>, new() => new JsonParser(
                JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse<T>(json);
    }
}
