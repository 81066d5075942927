using System.Collections;
using System.Text;
using Chat.V1;
using ChatGrpc.TestKit;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Integration.Tests;

/// <summary>To one tenant, what another one has is like what never was: in every method, by every id.</summary>
public sealed class TenantTests
{
    private const string NotFound = "5";

    /// <summary>Every field of every request that takes an id, and the id of a turn that goes there.</summary>
    private static readonly Dictionary<string, Func<SessionInfo, string>> Ids = new()
    {
        ["chat.v1.StreamChatRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.StreamChatRequest.parent_message_id"] = turn => turn.MessageId,
        ["chat.v1.StreamChatRequest.client_request_id"] = RequestId,
        ["chat.v1.ChatRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.ChatRequest.parent_message_id"] = turn => turn.MessageId,
        ["chat.v1.ChatRequest.client_request_id"] = RequestId,
        ["chat.v1.StreamChatRequest.edit_message_id"] = turn => turn.UserMessageId,
        ["chat.v1.ChatRequest.edit_message_id"] = turn => turn.UserMessageId,
        ["chat.v1.StreamChatRequest.regenerate_message_id"] = turn => turn.MessageId,
        ["chat.v1.ChatRequest.regenerate_message_id"] = turn => turn.MessageId,
        ["chat.v1.ListMessagesRequest.branch_message_id"] = turn => turn.MessageId,
        ["chat.v1.SelectBranchRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.SelectBranchRequest.message_id"] = turn => turn.MessageId,
        ["chat.v1.ForkSessionRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.ForkSessionRequest.message_id"] = turn => turn.MessageId,
        ["chat.v1.SearchMessagesRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.ExportSessionRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.ExportSessionRequest.branch_message_id"] = turn => turn.MessageId,
        ["chat.v1.Resume.stream_id"] = turn => turn.StreamId,
        ["chat.v1.CancelStreamRequest.stream_id"] = turn => turn.StreamId,
        ["chat.v1.CancelStreamRequest.client_request_id"] = RequestId,
        ["chat.v1.CancelStreamRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.GetSessionRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.RenameSessionRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.DeleteSessionRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.ListMessagesRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.WatchSessionRequest.session_id"] = turn => turn.SessionId,
        ["chat.v1.WatchedSession.session_id"] = turn => turn.SessionId,
    };

    // Names that callers give to what is theirs, by which nothing is found; and two ids that belong together, which
    // ClientToolTests have.
    private static readonly HashSet<string> Labels =
    [
        "chat.v1.StreamChatRequest.user_id", "chat.v1.ChatRequest.user_id",
        "chat.v1.SubmitToolResultRequest.stream_id", "chat.v1.SubmitToolResultRequest.tool_call_id",
        "chat.v1.ForkSessionRequest.new_session_id", "chat.v1.ImportSessionRequest.session_id",
    ];

    // What a request needs beside the id, and beside a session.
    private static readonly Dictionary<string, object> Needed = new()
    {
        ["message"] = "/demo tokens=1 rate=max",
        ["title"] = "Another title",
        ["query"] = "demo",
        ["format"] = ExportFormat.Markdown,
    };

    private readonly TestKey _owner = new("owner");
    private readonly TestKey _other = new("other");

    public static TheoryData<string, string> Fields
    {
        get
        {
            var fields = new TheoryData<string, string>();
            foreach (var method in Contract.Methods)
            {
                fields.AddRange(IdsIn(method.InputType)
                    .Select(path => string.Join('.', path))
                    .Select(path => new TheoryDataRow<string, string>(Contract.PathOf(method), path)));
            }

            return fields;
        }
    }

    [Fact]
    public void EveryIdThatARequestTakes_HasACase()
    {
        var taken = Contract.Methods
            .SelectMany(method => IdsIn(method.InputType).Select(path => Field(method.InputType, path).FullName))
            .ToHashSet();

        Assert.NotEmpty(taken);
        Assert.All(taken, field => Assert.True(
            Ids.ContainsKey(field), $"{field} takes an id: say here which of a turn's goes there."));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task ForeignId_IsLikeOneThatNeverWas(string method, string field)
    {
        await using var deployment = await Deployment.StartAsync(_owner.Setting, _other.Setting);
        var descriptor = Contract.Methods.Single(known => Contract.PathOf(known) == method);
        var path = field.Split('.');
        var id = Ids.GetValueOrDefault(Field(descriptor.InputType, path).FullName)
            ?? throw new InvalidOperationException($"{field} of {method} has no case.");
        var isWatch = descriptor.Name.StartsWith("Watch", StringComparison.Ordinal);
        var turn = await OwnTurnAsync(deployment);
        var never = new SessionInfo
        {
            SessionId = Guid.CreateVersion7().ToString(),
            StreamId = Guid.CreateVersion7().ToString(),
            MessageId = Guid.CreateVersion7().ToString(),
            UserMessageId = Guid.CreateVersion7().ToString(),
        };

        var foreign = await CallAsync(_other, id(turn));
        var absent = await CallAsync(_other, id(never));
        var own = await CallAsync(_owner, id(turn));

        Assert.Equal(Told(absent, id(never)), Told(foreign, id(turn)));
        var unsent = new[] { turn.StreamId, turn.MessageId, turn.UserMessageId }.Where(text => text != id(turn));
        Assert.All(unsent, text => Assert.Equal(-1, foreign.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text))));

        // The owner finds it, so it is its tenant that hides it and no mistake in it.
        Assert.NotEqual(NotFound, own.Status);
        if (isWatch)
        {
            // Watching has no answer and waits; only the owner is told something.
            Assert.Equal((0, true), (foreign.Body.Length, own.Body.Length > 0));
        }

        Task<RawCall> CallAsync(TestKey key, string value) => RawCall.SendAsync(
            deployment.Process.Address, method, Request(descriptor.InputType, path, value, turn),
            ("authorization", key.Bearer), ("grpc-timeout", isWatch ? "2S" : "10S"));
    }

    [Fact]
    public async Task ForeignStream_ThatRuns_IsNotFoundAndGoesOn()
    {
        await using var deployment = await Deployment.StartWithStandInAsync(_owner.Setting, _other.Setting);
        using var reading = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = "Hello" }, Options(_owner));
        var exchange = await deployment.StandIn.NextRequestAsync();
        await exchange.StartStreamAsync();
        await exchange.WriteTextAsync("One");
        await reading.UntilTokenAsync();

        var cancelled = await RawCall.SendAsync(
            deployment.Process.Address, "/chat.v1.ChatService/CancelStream",
            new CancelStreamRequest { StreamId = reading.Session.StreamId }, ("authorization", _other.Bearer));
        await exchange.WriteTextAsync(" two");
        await exchange.FinishAsync();
        await reading.ToEndAsync();

        Assert.Equal((NotFound, "STREAM_NOT_FOUND"), (cancelled.Status, cancelled.Reason));
        reading.CheckContract();
        Assert.Equal(("One two", StreamState.Completed), (reading.Answer, reading.End.State));
    }

    [Fact]
    public async Task ForeignSession_ByItsId_IsAnotherSessionWithoutItsMessages()
    {
        await using var deployment = await Deployment.StartWithStandInAsync(_owner.Setting, _other.Setting);
        await AskAsync(_owner, "the secret of the owner");

        Assert.DoesNotContain("secret", await AskAsync(_other, "What do you know?"), StringComparison.Ordinal);
        Assert.Contains("secret", await AskAsync(_owner, "What do you know?"), StringComparison.Ordinal);

        async Task<string> AskAsync(TestKey key, string message)
        {
            using var reading = Reading.Start(
                deployment.Client, new StreamChatRequest { Message = message, SessionId = "same" }, Options(key));
            var exchange = await deployment.StandIn.NextRequestAsync();
            await exchange.AnswerAsync("Yes.");
            await reading.ToEndAsync();
            return exchange.Body.GetRawText();
        }
    }

    private static string RequestId(SessionInfo turn) => $"request-{turn.StreamId}";

    private static CallOptions Options(TestKey key) => new(new Metadata { { "authorization", key.Bearer } });

    // Its request id is known only afterwards, so a second send gives the turn one.
    private async Task<SessionInfo> OwnTurnAsync(Deployment deployment)
    {
        using var reading = Reading.Start(
            deployment.Client, new StreamChatRequest { Message = (string)Needed["message"] }, Options(_owner));
        await reading.ToEndAsync();
        var turn = reading.Session;
        using var named = Reading.Start(
            deployment.Client,
            new StreamChatRequest
            {
                Message = (string)Needed["message"],
                ClientRequestId = RequestId(turn),
                SessionId = turn.SessionId,
            },
            Options(_owner));
        await named.ToEndAsync();
        Assert.Null(named.Failure);
        return turn;
    }

    // An id may be repeated to whoever sent it; beyond that the two have to be the same, byte for byte.
    private static (string Status, string Message, string Details) Told(RawCall call, string id)
    {
        var details = Convert.FromBase64String(call.Details.PadRight((call.Details.Length + 3) / 4 * 4, '='));
        return (
            call.Status,
            call.Message.Replace(id, "ID", StringComparison.Ordinal),
            Encoding.Latin1.GetString(details).Replace(id, "ID", StringComparison.Ordinal));
    }

    /// <summary>The ways to the fields that take an id, by the fields' names.</summary>
    private static IEnumerable<string[]> IdsIn(MessageDescriptor message) =>
        from field in message.Fields.InDeclarationOrder()
        where !Labels.Contains(field.FullName)
        from path in field.FieldType == FieldType.Message && !field.IsMap && field.MessageType.File.Package == "chat.v1"
            ? IdsIn(field.MessageType).Select(rest => (string[])[field.Name, .. rest])
            : IsId(field) ? [[field.Name]]
            : Enumerable.Empty<string[]>()
        select path;

    private static bool IsId(FieldDescriptor field) =>
        field.FieldType == FieldType.String && field.Name.Split('_')[^1] is "id" or "ids";

    private static FieldDescriptor Field(MessageDescriptor message, string[] path)
    {
        var field = message.FindFieldByName(path[0]);
        return path.Length == 1 ? field : Field(field.MessageType, path[1..]);
    }

    private static IMessage Request(MessageDescriptor type, string[] path, string id, SessionInfo turn)
    {
        var request = type.Parser.ParseFrom(ByteString.Empty);
        var field = type.FindFieldByName(path[0]);
        if (path.Length > 1)
        {
            var inner = Request(field.MessageType, path[1..], id, turn);
            if (field.IsRepeated)
            {
                ((IList)field.Accessor.GetValue(request)).Add(inner);
                type.FindFieldByName("session_id").Accessor.SetValue(request, "another");
            }
            else
            {
                field.Accessor.SetValue(request, inner);
            }

            return request;
        }

        Dictionary<string, object> needed = new(Needed)
        {
            ["session_id"] = turn.SessionId,
            ["message_id"] = turn.MessageId,
        };
        foreach (var (name, value) in needed)
        {
            type.FindFieldByName(name)?.Accessor.SetValue(request, value);
        }

        // What is answered once more brings no message.
        if (field.Name == "regenerate_message_id")
        {
            type.FindFieldByName("message").Accessor.SetValue(request, "");
        }

        field.Accessor.SetValue(request, id);
        return request;
    }
}
