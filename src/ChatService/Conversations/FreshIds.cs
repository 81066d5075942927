using ChatGrpc.Storage;

namespace ChatGrpc.Conversations;

/// <summary>The same session under new ids for its messages and streams.</summary>
internal static class FreshIds
{
    public static NewSession Of(NewSession session, DateTimeOffset now)
    {
        var ids = new Dictionary<string, string>();
        return session with
        {
            Messages =
            [
                .. session.Messages.Select(listed => listed with
                {
                    StreamId = Fresh(listed.StreamId),
                    Message = listed.Message with
                    {
                        MessageId = Fresh(listed.Message.MessageId),
                        ParentId = listed.Message.ParentId is { } parent ? Fresh(parent) : null,
                    },
                }),
            ],
            HeadMessageId = Fresh(session.HeadMessageId),
        };

        string Fresh(string id)
        {
            if (!ids.TryGetValue(id, out var fresh))
            {
                fresh = Guid.CreateVersion7(now).ToString();
                ids.Add(id, fresh);
            }

            return fresh;
        }
    }
}
