using Chat.V1;

namespace ChatGrpc.Providers.Demo;

/// <summary>What the demo model was told so far.</summary>
/// <param name="Messages">Oldest first; the last one is the question.</param>
/// <param name="Question">The last message's text without a directive.</param>
internal sealed record DemoConversation(IReadOnlyList<ModelMessage> Messages, string Question)
{
    /// <summary>What the user said before the question, oldest first.</summary>
    public IEnumerable<string> Earlier =>
        Messages.SkipLast(1).Where(message => message.Role == ModelRole.User).Select(TextOf);

    public IEnumerable<Image> Pictures =>
        Messages.TakeLast(1).SelectMany(message => message.Parts)
            .Where(part => part.ContentCase == Part.ContentOneofCase.Image).Select(part => part.Image);

    /// <summary>Its length, with what tools were asked and what they answered.</summary>
    public static int TokensOf(ModelMessage message) => DemoWords.Count(TextOf(message))
        + message.Calls.Sum(call => DemoWords.Count(call.ArgumentsJson))
        + message.Results.Sum(result => DemoWords.Count(result.Text));

    public static string TextOf(ModelMessage message) =>
        message.Parts is [{ ContentCase: Part.ContentOneofCase.Text } only]
            ? only.Text
            : string.Join('\n', message.Parts
                .Where(part => part.ContentCase == Part.ContentOneofCase.Text).Select(part => part.Text));
}
