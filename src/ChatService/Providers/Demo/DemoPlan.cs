using Chat.V1;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Demo;

/// <summary>All that the demo model is going to say to one request, fixed before it says anything.</summary>
internal sealed record DemoPlan(DemoDirective Directive, DemoDeltas Reasoning, DemoDeltas Answer)
{
    /// <summary>Deltas that come before the ending.</summary>
    public int Count { get; private init; }

    public DemoEnding Ending { get; private init; }

    public FinishReason FinishReason { get; private init; }

    /// <param name="error">What is wrong with the message's directive; null: nothing.</param>
    public static DemoPlan For(ModelRequest request, out string? error)
    {
        var begun = "";
        if (request.Messages is [.., { Role: ModelRole.Assistant } own])
        {
            begun = DemoConversation.TextOf(own);
            request = request with { Messages = [.. request.Messages.SkipLast(1)] };
        }

        var message = request.Messages is [.., var last] ? DemoConversation.TextOf(last) : "";
        var directive = DemoDirectiveParser.Parse(message, out var text, out error);
        var answer = directive switch
        {
            { Tokens: { } count, SplitEmoji: true } => DemoDeltas.OfHalfEmoji(count),
            { Tokens: { } count } => DemoDeltas.OfWords(count),
            { SplitEmoji: true } => DemoDeltas.Of(DemoWords.SplitPairs(AnswerTo(request, text))),
            _ => DemoDeltas.Of(AnswerTo(request, text)),
        };
        var thoughts = begun.Length > 0 ? DemoDeltas.None : DemoDeltas.OfThoughts(directive.Reasoning);
        return new DemoPlan(directive, thoughts, answer.Before(request.Stop).After(begun))
            .Limited(request.MaxOutputTokens ?? long.MaxValue);
    }

    public ModelEvent Delta(int index) => index < Reasoning.Count
        ? ModelEvent.Reasoning(Reasoning[index])
        : ModelEvent.Answer(Answer[index - Reasoning.Count]);

    private static string[] AnswerTo(ModelRequest request, string text) =>
        DemoWords.Split(DemoAnswers.To(new DemoConversation(request.Messages, text)));

    // Whichever comes first: the ending that the directive asks for, the bound of the answer, or the end of the text.
    private DemoPlan Limited(long maxTokens)
    {
        var all = Reasoning.Count + Answer.Count;
        var bounded = (int)Math.Min(all, maxTokens);
        if (Directive.Ending != DemoEnding.Finish && Directive.After <= maxTokens)
        {
            return this with { Count = Math.Min(Directive.After, bounded), Ending = Directive.Ending };
        }

        return this with
        {
            Count = bounded,
            FinishReason = bounded < all ? FinishReason.Length : FinishReason.Stop,
        };
    }
}
