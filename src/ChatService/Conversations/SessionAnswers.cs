using Chat.V1;
using ChatGrpc.Storage;
using ChatGrpc.Storage.Search;
using Google.Protobuf.WellKnownTypes;

namespace ChatGrpc.Conversations;

/// <summary>Sessions and messages as the contract has them.</summary>
internal static class SessionAnswers
{
    public static Session Of(SessionRecord session) => new()
    {
        SessionId = session.SessionId,
        Title = session.Title,
        CreateTime = session.CreatedAt.ToTimestamp(),
        UpdateTime = session.UpdatedAt.ToTimestamp(),
        HeadMessageId = session.HeadMessageId,
        RunningStreamId = session.RunningStreamId ?? "",
    };

    /// <summary>A session as it was written: what has happened in it since is told to who asks for it.</summary>
    public static Session Of(NewSession session) => new()
    {
        SessionId = session.SessionId,
        Title = session.Title,
        CreateTime = Stored(session.CreatedAt),
        UpdateTime = Stored(session.UpdatedAt),
        HeadMessageId = session.HeadMessageId,
    };

    public static Message Of(ListedMessage listed)
    {
        var done = listed.Message.Steps.SelectMany(step => step.Events).ToList();
        return new Message
        {
            MessageId = listed.Message.MessageId,
            ParentMessageId = listed.Message.ParentId ?? "",
            Role = listed.Message.Role,
            Author = listed.Message.Author,
            Parts = { listed.Message.Parts },
            Reasoning = listed.Reasoning,
            State = listed.Message.Status,
            StreamId = listed.StreamId,
            CreateTime = listed.CreatedAt.ToTimestamp(),
            Usage = listed.Usage,
            FinishReason = listed.FinishReason,
            ToolCalls = { done.Select(each => each.ToolCall).OfType<ToolCall>() },
            ToolResults = { done.Select(each => each.ToolResult).OfType<ToolResult>() },
            Documents = { done.Select(each => each.Document).OfType<Document>() },
            SiblingMessageIds = { listed.SiblingIds },
        };
    }

    public static SearchHit Of(SearchedText found, IReadOnlyList<string> terms)
    {
        var hit = new SearchHit
        {
            SessionId = found.SessionId,
            SessionTitle = found.SessionTitle,
            MessageId = found.MessageId,
            Role = found.Role,
            Author = found.Author,
            CreateTime = found.CreatedAt.ToTimestamp(),
        };
        Snippet.Show(hit, found.Text, terms);
        return hit;
    }

    // Stores keep milliseconds.
    private static Timestamp Stored(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()).ToTimestamp();
}
