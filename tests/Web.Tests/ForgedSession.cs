using Chat.V1;

namespace Web.Tests;

/// <summary>A session with branches that no service keeps, as far as a page asks for it.</summary>
internal sealed class ForgedSession
{
    private readonly List<Message> _messages;

    private ForgedSession(IEnumerable<Message> messages)
    {
        _messages = [.. messages];
        Head = _messages[^1].MessageId;
    }

    /// <summary>With which message the branch ends that is gone on with.</summary>
    public string Head { get; set; }

    /// <summary>What the page turned to, in order.</summary>
    public List<string> Selected { get; } = [];

    /// <summary>What the page listed: with which message the branch ended.</summary>
    public List<string> Listed { get; } = [];

    /// <summary>No page holds more.</summary>
    public int LargestPage { get; set; } = 200;

    /// <summary>SelectBranch is not answered before this ends.</summary>
    public Task Ready { get; set; } = Task.CompletedTask;

    public Session Session => new() { SessionId = "forged", Title = "Forged", HeadMessageId = Head };

    /// <summary>Answers for these messages, in the order in which they were made.</summary>
    public static async Task<ForgedSession> StandBeforeAsync(ForgedService service, params Message[] messages)
    {
        var session = new ForgedSession(messages);
        await service.ForgeAsync(
            "GetSession",
            GetSessionRequest.Parser,
            _ => ([new GetSessionResponse { Session = session.Session }], ForgedService.Ok));
        await service.ForgeAsync("ListMessages", ListMessagesRequest.Parser, session.List);
        await service.ForgeAsync("SelectBranch", SelectBranchRequest.Parser, session.Select, () => session.Ready);
        return session;
    }

    /// <summary>A whole message; an answer's id ends with an a.</summary>
    /// <param name="siblings">All that stand in its place, itself among them.</param>
    public static Message Said(string id, string parent, string text, params string[] siblings)
    {
        var isAnswer = id.EndsWith('a');
        return new()
        {
            MessageId = id,
            ParentMessageId = parent,
            Role = isAnswer ? MessageRole.Assistant : MessageRole.User,
            Author = isAnswer ? "forger" : "",
            State = StreamState.Completed,
            StreamId = $"stream-{id}",
            Parts = { new Part { Text = text } },
            SiblingMessageIds = { siblings },
        };
    }

    private (IEnumerable<Google.Protobuf.IMessage> Answers, string Trailers) List(ListMessagesRequest request)
    {
        Listed.Add(request.BranchMessageId);
        Assert.True(request.NewestFirst);
        var page = new ListMessagesResponse();
        for (var next = Find(request.BranchMessageId);
            next is not null && page.Messages.Count < Math.Min(request.PageSize, LargestPage);
            next = Find(next.ParentMessageId))
        {
            page.Messages.Add(next);
        }

        return ([page], ForgedService.Ok);
    }

    private (IEnumerable<Google.Protobuf.IMessage> Answers, string Trailers) Select(SelectBranchRequest request)
    {
        Selected.Add(request.MessageId);
        Head = request.MessageId;
        while (_messages.LastOrDefault(message => message.ParentMessageId == Head) is { } next)
        {
            Head = next.MessageId;
        }

        return ([new SelectBranchResponse { Session = Session }], ForgedService.Ok);
    }

    private Message? Find(string id) => _messages.Find(message => message.MessageId == id);
}
