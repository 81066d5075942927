using Chat.V1;
using ChatGrpc.Endpoints;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;

namespace ChatGrpc.Tests.Endpoints;

public sealed class RequestRulesTests
{
    private static readonly string FourBytes = "\U0001F600";

    public static TheoryData<string, Action<StreamChatRequest>> Allowed => new()
    {
        { "message alone", _ => { } },
        { "parts alone", request => WithoutMessage(request).Parts.Add(Text("x")) },
        { "longest message", request => request.Message = Times(FourBytes, 100_000) },
        { "bidirectional marks and joiners", request => request.Message = "\u202Eabc\u202C \u200D \u05D0" },
        { "session of every kind of character", request => request.SessionId = "thread_id.test-123" },
        { "longest session", request => request.SessionId = Times("s", 128) },
        { "request id with colon", request => request.ClientRequestId = "a:b" },
        { "no context", request => request.ContextLimit = 0 },
        { "most context", request => request.ContextLimit = 200 },
        { "coldest", request => request.Temperature = 0 },
        { "hottest", request => request.Temperature = 2 },
        { "top_p of 1", request => request.TopP = 1 },
        { "one token", request => request.MaxOutputTokens = 1 },
        { "most tokens", request => request.MaxOutputTokens = int.MaxValue },
        { "seed below zero", request => request.Seed = -1 },
        { "four stops", request => request.Stop.Add(["a", "b", "c", Times(FourBytes, 256)]) },
        { "sixteen parts", request => request.Parts.Add(Enumerable.Range(0, 16).Select(_ => Text("x"))) },
        { "sixteen labels", request => request.Metadata.Add(Labels(16)) },
    };

    public static TheoryData<string, Action<StreamChatRequest>> Refused => new()
    {
        { "message", request => request.Message = "" },
        { "message", request => request.Message = " \t\r\n\u00A0" },
        { "message", request => request.Message = "a\0b" },
        { "message", request => request.Message = Times("x", 100_001) },
        { "message", request => request.Message = Times(FourBytes, 100_001) },
        { "parts", request => request.Parts.Add(Enumerable.Range(0, 17).Select(_ => Text("x"))) },
        { "parts[1].content", request => request.Parts.Add([Text("x"), new Part()]) },
        { "parts[0].text", request => request.Parts.Add(Text("\0")) },
        { "parts[0].text", request => WithoutMessage(request).Parts.Add(Text("")) },
        { "parts[1].text", request => request.Parts.Add([Text("x"), Text(" \n")]) },
        { "session_id", request => request.SessionId = "a b" },
        { "session_id", request => request.SessionId = "line\n" },
        { "session_id", request => request.SessionId = "é" },
        { "session_id", request => request.SessionId = Times("s", 129) },
        { "client_request_id", request => request.ClientRequestId = Times("r", 10_240) },
        { "parent_message_id", request => request.ParentMessageId = Times("p", 129) },
        { "model", request => request.Model = Times("m", 129) },
        { "agent", request => request.Agent = "\0" },
        { "user_id", request => request.UserId = Times("u", 129) },
        { "instructions", request => request.Instructions = Times("x", 100_001) },
        { "context", request => request.Context = Facts(Times("x", 100_001)) },
        { "context_limit", request => request.ContextLimit = -1 },
        { "context_limit", request => request.ContextLimit = 201 },
        { "temperature", request => request.Temperature = double.NaN },
        { "temperature", request => request.Temperature = double.PositiveInfinity },
        { "temperature", request => request.Temperature = -0.001 },
        { "temperature", request => request.Temperature = 2.001 },
        { "top_p", request => request.TopP = 0 },
        { "top_p", request => request.TopP = double.NaN },
        { "max_output_tokens", request => request.MaxOutputTokens = 0 },
        { "max_output_tokens", request => request.MaxOutputTokens = 1L << 31 },
        { "stop", request => request.Stop.Add(["a", "b", "c", "d", "e"]) },
        { "stop[1]", request => request.Stop.Add(["a", ""]) },
        { "stop[0]", request => request.Stop.Add(Times("x", 257)) },
        { "metadata", request => request.Metadata.Add(Labels(17)) },
        { "metadata", request => request.Metadata.Add("", "x") },
        { "metadata", request => request.Metadata.Add(Times("k", 65), "x") },
        { "metadata", request => request.Metadata.Add("k", Times("v", 513)) },
        { "on_disconnect", request => request.OnDisconnect = (OnDisconnect)99 },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void Check_AtItsBounds_FindsNothing(string what, Action<StreamChatRequest> change) =>
        Assert.True(RequestRules.Check(Changed(change)) is null, what);

    [Theory]
    [MemberData(nameof(Refused))]
    public void Check_OneFieldAtFault_NamesIt(string field, Action<StreamChatRequest> change)
    {
        var failure = RequestRules.Check(Changed(change));

        Assert.Equal(Code.InvalidArgument, failure!.Code);
        Assert.Equal(field, Assert.Single(failure.Violations).Field);
    }

    [Fact]
    public void Check_SeveralFieldsAtFault_NamesThemAll()
    {
        var failure = RequestRules.Check(new StreamChatRequest { SessionId = "a b", TopP = 2 });

        Assert.Equal(["message", "session_id", "top_p"], failure!.Violations.Select(violation => violation.Field));
    }

    [Fact]
    public void Check_EverythingAtFault_FitsTheHeadersOfAnyClient()
    {
        var request = new StreamChatRequest { SessionId = "?", TopP = 2, Temperature = -1, MaxOutputTokens = 0 };
        request.Parts.AddRange(Enumerable.Repeat(new Part(), 100));
        request.Metadata.Add(
            Enumerable.Range(0, 100).ToDictionary(i => $"{i}{Times("k", 1_000)}", _ => Times("v", 600)));

        var failure = RequestRules.Check(request)!;

        Assert.Equal(10, failure.Violations.Count);
        var status = FailureStatus.Of(failure);
        Assert.InRange(status.Status.Detail.Length + (status.Trailers[0].ValueBytes.Length * 4 / 3), 1, 8_000);
    }

    private static StreamChatRequest Changed(Action<StreamChatRequest> change)
    {
        var request = new StreamChatRequest { Message = "Hello" };
        change(request);
        return request;
    }

    private static StreamChatRequest WithoutMessage(StreamChatRequest request)
    {
        request.Message = "";
        return request;
    }

    private static string Times(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static Part Text(string text) => new() { Text = text };

    private static Struct Facts(string text) => new() { Fields = { ["fact"] = Value.ForString(text) } };

    private static Dictionary<string, string> Labels(int count) =>
        Enumerable.Range(0, count).ToDictionary(i => $"label-{i}", _ => "x");
}
