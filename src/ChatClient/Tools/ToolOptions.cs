using System.CommandLine;
using System.Text;
using System.Text.Json;
using Chat.V1;

namespace ChatGrpc.Client.Tools;

/// <summary>What the command line says of tools, and of the form of the answer.</summary>
internal sealed class ToolOptions
{
    // The service's own bound; told here, before anything is sent.
    private const int MaxSchemaBytes = 100_000;
    private const int MaxNameLength = 64;

    private readonly Option<string[]> _tool = new("--tool")
    {
        Description = "A tool that the model may call: NAME, or BEGINNING* for all that begin so. May be repeated.",
    };

    private readonly Option<bool> _noTools = new("--no-tools") { Description = "The model may call no tools." };

    private readonly Option<string> _schema = new("--schema")
    {
        Description = "A file with a JSON schema: the answer is JSON of that form, and a document.",
    };

    public IReadOnlyList<Option> All => [_tool, _noTools, _schema];

    /// <returns>Why it cannot be sent; empty: it can.</returns>
    public string Read(ParseResult parsed, StreamChatRequest request)
    {
        var names = parsed.GetValue(_tool) ?? [];
        var none = parsed.GetValue(_noTools);
        if (none && names.Length > 0)
        {
            return "--tool and --no-tools exclude each other.";
        }

        if (none || names.Length > 0)
        {
            request.Tools = new ToolSelection { Names = { names } };
        }

        return parsed.GetValue(_schema) is { } file ? ReadSchema(file, request) : "";
    }

    private static string ReadSchema(string file, StreamChatRequest request)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var bytes = new byte[MaxSchemaBytes + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaxSchemaBytes)
            {
                return $"{file} is too large: a schema has at most {MaxSchemaBytes:N0} bytes.";
            }

            using var _ = JsonDocument.Parse(bytes.AsMemory(0, length));
            request.ResponseFormat = new ResponseFormat
            {
                JsonSchema = Encoding.UTF8.GetString(bytes, 0, length),
                Name = NameOf(file),
            };
            return "";
        }
        catch (JsonException wrong)
        {
            return $"{file} is no JSON: {wrong.Message}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            return $"{file} cannot be read: {unreadable.Message}";
        }
    }

    // What the form is called: person.schema.json describes a person.
    private static string NameOf(string file)
    {
        var name = Path.GetFileName(file).Split('.', 2)[0];
        return string.Concat(name.Select(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' ? sign : '_')
            .Take(MaxNameLength));
    }
}
