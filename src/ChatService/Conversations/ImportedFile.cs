using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Chat.V1;
using ChatGrpc.Model;
using Google.Protobuf;

namespace ChatGrpc.Conversations;

/// <summary>Takes a file apart: the session and its messages, each with the offset at which it begins.</summary>
internal sealed class ImportedFile
{
    // What a parser says may quote the file at length.
    private const int MaxSentence = 200;

    private static readonly string[] Members = ["format", "version", "session", "messages"];

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);

    public Session? Session { get; private set; }

    public int SessionOffset { get; private set; }

    public List<(Message Message, int Offset)> Messages { get; } = [];

    /// <returns>What is wrong with the file as JSON of this form; null: it has one session.</returns>
    public Failure? Read(byte[] file)
    {
        if (!Utf8.IsValid(file))
        {
            return FilePlace.Of(file, FirstInvalid(file)).Wrong("The file is not UTF-8.");
        }

        try
        {
            return ReadDocument(file);
        }
        catch (JsonException wrong)
        {
            return new FilePlace((wrong.LineNumber ?? 0) + 1, (wrong.BytePositionInLine ?? 0) + 1)
                .Wrong("The file is not the whole JSON document that it should be.");
        }
    }

    private Failure? ReadDocument(byte[] file)
    {
        var reader = new Utf8JsonReader(file);
        _ = reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return FilePlace.Of(file, (int)reader.TokenStartIndex).Wrong("The file begins with an object.");
        }

        var seen = new HashSet<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var place = FilePlace.Of(file, (int)reader.TokenStartIndex);
            var name = NameOf(ref reader);
            if (!seen.Add(name))
            {
                return place.Wrong($"\"{name}\" is there twice.");
            }

            _ = reader.Read();
            if (ReadMember(file, ref reader, name, place) is { } failure)
            {
                return failure;
            }
        }

        // Nothing may follow; the reader throws if something does.
        _ = reader.Read();
        var missing = Members.FirstOrDefault(name => !seen.Contains(name));
        return missing is null ? null : FilePlace.Of(file, file.Length).Wrong($"\"{missing}\" is missing.");
    }

    private Failure? ReadMember(byte[] file, ref Utf8JsonReader reader, string name, FilePlace place)
    {
        var offset = (int)reader.TokenStartIndex;
        switch (name)
        {
            case "format":
                return reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(SessionFile.Format)
                    ? null : place.Wrong($"The format is not \"{SessionFile.Format}\".");
            case "version":
                return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version)
                    && version == SessionFile.Version
                    ? null : place.Wrong($"The version is not {SessionFile.Version}, the one that is known here.");
            case "session":
                SessionOffset = offset;
                var failure = Parse<Session>(file, ref reader, out var session);
                Session = session;
                return failure;
            case "messages":
                return reader.TokenType == JsonTokenType.StartArray
                    ? ReadMessages(file, ref reader) : place.Wrong("\"messages\" is a list.");
            default:
                return place.Wrong($"There is no field \"{name}\".");
        }
    }

    private Failure? ReadMessages(byte[] file, ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var offset = (int)reader.TokenStartIndex;
            if (Messages.Count == SessionFile.MaxMessages)
            {
                return FilePlace.Of(file, offset).Wrong($"There are more than {SessionFile.MaxMessages} messages.");
            }

            if (Parse<Message>(file, ref reader, out var message) is { } failure)
            {
                return failure;
            }

            Messages.Add((message!, offset));
        }

        return null;
    }

    private static Failure? Parse<T>(byte[] file, ref Utf8JsonReader reader, out T? parsed)
        where T : class, IMessage<T>, new()
    {
        parsed = null;
        var offset = (int)reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return FilePlace.Of(file, offset).Wrong("There should be an object.");
        }

        if (SkipTexts(file, ref reader) is { } failure)
        {
            return failure;
        }

        var length = (int)reader.BytesConsumed - offset;
        if (length > SessionFile.MaxMessageBytes)
        {
            return FilePlace.Of(file, offset).Wrong($"The message has more than {SessionFile.MaxMessageBytes} bytes.");
        }

        try
        {
            parsed = Parser.Parse<T>(Encoding.UTF8.GetString(file, offset, length));
            return null;
        }
        catch (IOException wrong) when (wrong is InvalidProtocolBufferException or InvalidJsonException)
        {
            var sentence = wrong.Message;
            return FilePlace.Of(file, offset).Wrong(
                sentence.Length <= MaxSentence ? sentence : sentence[..MaxSentence] + "…");
        }
    }

    // To the object's end. What escapes stand for is looked at here, where its place is known: no store takes a half
    // surrogate or NUL.
    private static Failure? SkipTexts(byte[] file, ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && (reader.TokenType != JsonTokenType.EndObject || reader.CurrentDepth > depth))
        {
            if (reader.ValueIsEscaped && !IsText(ref reader))
            {
                return FilePlace.Of(file, (int)reader.TokenStartIndex)
                    .Wrong("A text has NUL or half of a surrogate pair.");
            }
        }

        return null;
    }

    private static bool IsText(ref Utf8JsonReader reader)
    {
        try
        {
            return !reader.GetString()!.Contains('\0');
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    // For a message to a person, so at most so much of it.
    private static string NameOf(ref Utf8JsonReader reader)
    {
        var name = IsText(ref reader) ? reader.GetString()! : "?";
        return name.Length <= MaxSentence ? name : name[..MaxSentence] + "…";
    }

    private static int FirstInvalid(ReadOnlySpan<byte> file)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(file[offset..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }
}
