using System.Globalization;
using System.Text;

namespace ChatGrpc.Providers.Demo;

/// <summary>Finds what to answer: from the conversation, in its language, or about the service.</summary>
internal static class DemoAnswers
{
    private const int MaxEchoScalars = 200;
    private const int MaxRemembered = 10;

    private static readonly string[] MemoryPhrases =
    [
        "did i say", "did i ask", "did i write", "i said before", "do you remember", "what do you remember",
        "how many messages", "my first message", "my last message",
    ];

    public static string To(DemoConversation conversation)
    {
        var question = conversation.Question;
        var words = WordsOf(question);
        var language = DemoLanguages.Of(question);
        if (conversation.Pictures.ToList() is { Count: > 0 } pictures)
        {
            return Picture(pictures);
        }

        if (language != DemoLanguage.English)
        {
            return DemoGreetings.In(language, Shortened(question));
        }

        return MemoryPhrases.Any(phrase => words.Contains($" {phrase} ", StringComparison.Ordinal))
            ? Memory(conversation)
            : DemoTopics.Find(words) ?? Echo(conversation);
    }

    /// <summary>The text in lower case, its words with one space around each.</summary>
    public static string WordsOf(string text)
    {
        var words = new StringBuilder(" ");
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                _ = words.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (words[^1] != ' ')
            {
                _ = words.Append(' ');
            }
        }

        return words.Append(' ').ToString();
    }

    private static string Memory(DemoConversation conversation)
    {
        var earlier = conversation.Earlier.ToList();
        if (earlier.Count == 0)
        {
            return "This is the first message that I see of this conversation, so you said nothing before.";
        }

        var answer = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"I see {conversation.Messages.Count} messages of this conversation, {earlier.Count + 1} of them yours. ");
        _ = answer.Append(earlier.Count > MaxRemembered ? "The latest before this one:" : "Before this one you said:");
        _ = answer.Append('\n');
        foreach (var message in earlier.TakeLast(MaxRemembered))
        {
            _ = answer.Append(CultureInfo.InvariantCulture, $"\n- “{Shortened(message)}”");
        }

        return answer.ToString();
    }

    private static string Picture(List<Chat.V1.Image> pictures)
    {
        var kinds = string.Join(
            ", ", pictures.Select(picture => $"{picture.MediaType} of {picture.Data.Length} bytes"));
        return $"You sent me {kinds}. It arrived whole, but I am the built-in demonstration model and see no pictures: "
            + "a real model does that.";
    }

    private static string Echo(DemoConversation conversation)
    {
        var question = conversation.Question.Trim();
        if (question.Length == 0)
        {
            return "You sent me no text. Ask \"what can you do?\".";
        }

        var words = question.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return $"You wrote: “{Shortened(question)}”. That is {Counted(words, "word")}, in a conversation of which I "
            + $"see {Counted(conversation.Messages.Count, "message")}. I am the built-in demonstration model and know "
            + "nothing of the world, only of this service: ask \"what can you do?\", or set OPENAI_API_KEY for a model "
            + "that can answer this.";
    }

    private static string Counted(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    // On one line, and short enough to be read again.
    public static string Shortened(string text)
    {
        var line = new StringBuilder();
        var scalars = 0;
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (scalars++ == MaxEchoScalars)
            {
                return line.Append('…').ToString();
            }

            _ = line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return line.ToString();
    }
}
