using System.Globalization;
using System.Text;
using Chat.V1;
using ChatGrpc.Storage;

namespace ChatGrpc.Conversations;

/// <summary>
/// One branch of a session to read. Texts of messages stand in it as they are, and a code block that one leaves open is
/// closed after it; what is beside them is kept in fences and code, so that nothing in it looks like another message.
/// </summary>
internal static class MarkdownFile
{
    // Of what a tool was asked and answered: the rest is in the JSON file.
    private const int MaxToolScalars = 200;

    public static string Head(SessionRecord session) =>
        $"# {session.Title}\n\nSession {session.SessionId}, begun {Time(session.CreatedAt)}\n";

    public static string Section(ListedMessage listed)
    {
        var message = SessionAnswers.Of(listed);
        var isAnswer = message.Role == MessageRole.Assistant;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n## {(isAnswer ? "Assistant" : "User")}");
        text.Append(message.Author.Length > 0 ? $" ({OneLine(message.Author)})" : "");
        text.Append(CultureInfo.InvariantCulture, $", {Time(listed.CreatedAt)}");
        text.Append(message.State == StreamState.Completed ? "" : $", {message.State.ToString().ToLowerInvariant()}");
        text.Append('\n');

        if (message.Reasoning.Length > 0)
        {
            text.Append("\n<details>\n<summary>Reasoning</summary>\n\n");
            AppendFenced(text, message.Reasoning, "");
            text.Append("\n</details>\n");
        }

        AppendTools(text, message);
        foreach (var part in message.Parts)
        {
            AppendPart(text, part);
        }

        foreach (var document in message.Documents)
        {
            AppendDocument(text, document);
        }

        return text.ToString();
    }

    private static void AppendPart(StringBuilder text, Part part)
    {
        text.Append('\n');
        if (part.ContentCase == Part.ContentOneofCase.Image)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"*Image: {part.Image.MediaType}, {part.Image.Data.Length:N0} bytes*\n");
        }
        else
        {
            text.Append(part.Text).Append('\n').Append(OpenFence.ClosingOf(part.Text));
        }
    }

    private static void AppendTools(StringBuilder text, Message message)
    {
        if (message.ToolCalls.Count > 0)
        {
            text.Append('\n');
        }

        foreach (var call in message.ToolCalls)
        {
            var result = message.ToolResults.FirstOrDefault(result => result.Id == call.Id);
            var answer = result is null ? "no result"
                : $"{(result.IsError ? "failed: " : "")}{Code(result.HasJson ? result.Json : result.Text)}";
            text.Append(
                CultureInfo.InvariantCulture,
                $"- Tool {Code(call.Name)} with {Code(call.ArgumentsJson)}: {answer}\n");
        }
    }

    private static void AppendDocument(StringBuilder text, Document document)
    {
        text.Append(
            CultureInfo.InvariantCulture, $"\n**Document: {OneLine(document.Title)}** ({OneLine(document.MediaType)}");
        if (document.ContentCase == Document.ContentOneofCase.Data)
        {
            text.Append(CultureInfo.InvariantCulture, $", {document.Data.Length:N0} bytes)\n");
            return;
        }

        text.Append(")\n\n");
        AppendFenced(text, document.Text, "");
    }

    // The fence is longer than any inside.
    private static void AppendFenced(StringBuilder text, string content, string info)
    {
        var fence = new string('`', Math.Max(3, LongestRun(content) + 1));
        text.Append(fence).Append(info).Append('\n').Append(content);
        text.Append(content.EndsWith('\n') ? "" : "\n").Append(fence).Append('\n');
    }

    private static string Code(string content)
    {
        var line = OneLine(content);
        line = line.Length == 0 ? " " : line;
        var quote = new string('`', LongestRun(line) + 1);
        var pad = line.StartsWith('`') || line.EndsWith('`') ? " " : "";
        return $"{quote}{pad}{line}{pad}{quote}";
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes().Take(MaxToolScalars))
        {
            line.Append(Rune.IsWhiteSpace(rune) || Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return line.Length < text.Length ? $"{line}…" : line.ToString();
    }

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var unit in text)
        {
            run = unit == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }

    private static string Time(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
