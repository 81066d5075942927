using Google.Protobuf;

namespace ChatGrpc.Storage;

/// <summary>Several protobuf messages in one blob, each after its length as a varint.</summary>
internal static class LengthPrefixed
{
    public static byte[] Encode<T>(IReadOnlyList<T> messages)
        where T : IMessage<T>
    {
        var size = 0;
        for (var i = 0; i < messages.Count; i++)
        {
            size += CodedOutputStream.ComputeMessageSize(messages[i]);
        }

        var blob = new byte[size];
        using var output = new CodedOutputStream(blob);
        for (var i = 0; i < messages.Count; i++)
        {
            output.WriteMessage(messages[i]);
        }

        output.Flush();
        return blob;
    }

    public static IEnumerable<T> Decode<T>(byte[] blob)
        where T : IMessage<T>, new()
    {
        using var input = new CodedInputStream(blob);
        while (!input.IsAtEnd)
        {
            var message = new T();
            input.ReadMessage(message);
            yield return message;
        }
    }
}
