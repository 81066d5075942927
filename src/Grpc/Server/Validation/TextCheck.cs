using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.Unicode;
using Google.Protobuf.Reflection;

namespace Grpc.AspNetCore.Server.Validation;

/// <summary>
/// Checks that the text fields of a serialized message are UTF-8. Protobuf asks for it, but Google.Protobuf reads a
/// wrong byte as U+FFFD without an error.
/// </summary>
internal sealed class TextCheck
{
    // The parser's own limit: a message that nests deeper does not get here.
    private const int MaxDepth = 100;

    private readonly MessageShape _shape;

    private TextCheck(MessageShape shape) => _shape = shape;

    /// <summary>The check for a message type; null when the type is no protobuf message.</summary>
    public static TextCheck? For<T>()
    {
        var property = typeof(T).GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static);
        return property?.GetValue(null) is MessageDescriptor descriptor
            ? new TextCheck(MessageShape.Of(descriptor))
            : null;
    }

    /// <summary>Whether all text is valid. The message must have been parsed, so that its structure is.</summary>
    public bool IsValid(in ReadOnlySequence<byte> message)
    {
        foreach (var segment in message)
        {
            if (!Ascii.IsValid(segment.Span))
            {
                return IsValid(message, _shape, MaxDepth);
            }
        }

        // Most requests hold nothing but ASCII, which needs no look at the fields.
        return true;
    }

    private static bool IsValid(in ReadOnlySequence<byte> message, MessageShape shape, int depth)
    {
        var reader = new WireReader(message);
        return IsValid(ref reader, shape, depth, endGroup: 0);
    }

    private static bool IsValid(ref WireReader reader, MessageShape? shape, int depth, int endGroup)
    {
        if (depth < 0)
        {
            return false;
        }

        while (reader.TryReadTag(out var field, out var wireType))
        {
            var valid = wireType switch
            {
                WireType.LengthDelimited =>
                    reader.TryReadBytes(out var bytes) && IsValidField(bytes, shape, field, depth),
                WireType.StartGroup => IsValid(ref reader, shape?.Nested(field), depth - 1, field),
                WireType.EndGroup => field == endGroup,
                _ => reader.TrySkip(wireType),
            };
            if (!valid || wireType == WireType.EndGroup)
            {
                return valid;
            }
        }

        return reader.IsAtEnd && endGroup == 0;
    }

    private static bool IsValidField(in ReadOnlySequence<byte> bytes, MessageShape? shape, int field, int depth)
    {
        if (shape is null)
        {
            return true;
        }

        if (shape.IsText(field))
        {
            return IsUtf8(bytes);
        }

        return shape.Nested(field) is not { } nested || IsValid(bytes, nested, depth - 1);
    }

    private static bool IsUtf8(in ReadOnlySequence<byte> text)
    {
        if (text.IsSingleSegment)
        {
            return Utf8.IsValid(text.FirstSpan);
        }

        var length = (int)text.Length;
        var joined = ArrayPool<byte>.Shared.Rent(length);
        text.CopyTo(joined);
        var valid = Utf8.IsValid(joined.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(joined);
        return valid;
    }
}
