using System.Text.RegularExpressions;
using Chat.V1;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools.BuiltIn;

/// <summary>How a model makes a document beside its talk.</summary>
internal sealed partial class DocumentTool(TimeProvider time) : ServiceTool(
    "document",
    "Document",
    "Gives the user a document beside the conversation: a letter, a table, a program, anything to keep. Write the "
    + "whole of it into content, and do not repeat it in the answer.",
    """
    {
      "type": "object",
      "properties": {
        "title": { "type": "string", "description": "What it is called; one line of at most 200 characters." },
        "media_type": {
          "type": "string",
          "description": "text/markdown, text/plain, text/csv, text/html, application/json or another type of text."
        },
        "content": { "type": "string", "description": "The whole document." }
      },
      "required": ["title", "content"],
      "additionalProperties": false
    }
    """)
{
    private const int MaxTitleLength = 200;

    // As an answer's bound: so much is at most 3 MB as UTF-8 and fits the 4 MiB that gRPC clients receive by default.
    private const int MaxContentLength = 1_000_000;

    protected override async ValueTask<object?> InvokeCoreAsync(
        AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var title = TextOf(arguments, "title")?.Trim();
        var mediaType = TextOf(arguments, "media_type") ?? "text/markdown";
        if (string.IsNullOrEmpty(title) || title.Length > MaxTitleLength || title.AsSpan().ContainsAny('\r', '\n'))
        {
            return new ToolFailure($"title must be one line of 1 to {MaxTitleLength} characters.");
        }

        if (!TextType().IsMatch(mediaType))
        {
            return new ToolFailure("media_type must be a type of text, such as text/markdown or application/json.");
        }

        if (TextOf(arguments, "content") is not { Length: > 0 and <= MaxContentLength } content)
        {
            return new ToolFailure($"content must be a text of 1 to {MaxContentLength} characters.");
        }

        var document = new Document
        {
            Id = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            Title = StorableText.Of(title),
            MediaType = mediaType,
            Text = StorableText.Of(content),
        };
        await ToolReport.Of(arguments)!.DocumentAsync(document, cancellationToken);
        return $"The user has the document now; its id is {document.Id}.";
    }

    [GeneratedRegex("^(?:text/[a-z0-9][a-z0-9.+-]{0,63}|application/(?:json|xml|yaml|toml|sql|javascript|x-ndjson))$")]
    private static partial Regex TextType();
}
