using Chat.V1;
using Google.Protobuf.Reflection;

namespace ChatGrpc.Tests.Endpoints;

public sealed class ChatRequestTests
{
    [Fact]
    public void ChatRequest_BesideStreamChatRequest_HasTheSameFieldsButResumeAndPacing()
    {
        var streamed = Fields(StreamChatRequest.Descriptor)
            .Where(field => !field.StartsWith("18 ", StringComparison.Ordinal))
            .Where(field => !field.StartsWith("23 ", StringComparison.Ordinal));

        Assert.Equal(streamed, Fields(ChatRequest.Descriptor));
    }

    [Fact]
    public void ChatResponse_BesideTheStreamsEvents_HasTheirMessagesUnderTheirNumbers()
    {
        // Gathered into text and reasoning, or about the stream and not the answer.
        string[] gathered = ["token", "heartbeat", "retract", "error", "tool_progress"];
        var events = StreamChatResponse.Descriptor.Oneofs[0].Fields
            .Where(field => !gathered.Contains(field.Name))
            .Select(field => $"{field.MessageType.FullName}");

        var carried = ChatResponse.Descriptor.Fields.InFieldNumberOrder()
            .Where(field => field.FieldType == FieldType.Message)
            .Select(field => field.MessageType.FullName);

        Assert.Equal(events.Order(StringComparer.Ordinal), carried.Order(StringComparer.Ordinal));
    }

    private static List<string> Fields(MessageDescriptor message) =>
    [
        .. message.Fields.InFieldNumberOrder().Select(field =>
            $"{field.FieldNumber} {field.Name} {field.FieldType} {TypeOf(field)} {field.IsRepeated}"
            + $" {field.HasPresence}"),
    ];

    // Each message has an entry type of its own for a map; what counts is what it maps.
    private static string TypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message when field.IsMap =>
            string.Join(" to ", field.MessageType.Fields.InFieldNumberOrder().Select(part => part.FieldType)),
        FieldType.Message => field.MessageType.FullName,
        FieldType.Enum => field.EnumType.FullName,
        _ => "",
    };
}
