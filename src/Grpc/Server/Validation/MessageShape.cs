using Google.Protobuf.Reflection;

namespace Grpc.AspNetCore.Server.Validation;

/// <summary>Which fields of a message type hold text and which hold messages, by field number.</summary>
internal sealed class MessageShape
{
    private readonly HashSet<int> _text = [];
    private readonly Dictionary<int, MessageShape> _nested = [];

    private MessageShape()
    {
    }

    public static MessageShape Of(MessageDescriptor descriptor) => Of(descriptor, []);

    public bool IsText(int field) => _text.Contains(field);

    public MessageShape? Nested(int field) => _nested.GetValueOrDefault(field);

    private static MessageShape Of(MessageDescriptor descriptor, Dictionary<MessageDescriptor, MessageShape> known)
    {
        if (known.TryGetValue(descriptor, out var shape))
        {
            return shape;
        }

        // Known before it is complete, because message types may hold themselves.
        shape = new MessageShape();
        known.Add(descriptor, shape);
        foreach (var field in descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType == FieldType.String)
            {
                shape._text.Add(field.FieldNumber);
            }
            else if (field.FieldType is FieldType.Message or FieldType.Group)
            {
                shape._nested.Add(field.FieldNumber, Of(field.MessageType, known));
            }
        }

        return shape;
    }
}
