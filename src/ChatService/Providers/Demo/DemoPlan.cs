using Chat.V1;
using ChatGrpc.Model;

namespace ChatGrpc.Providers.Demo;

/// <summary>All that the demo model is going to say to one request, fixed before it says anything.</summary>
internal sealed record DemoPlan(DemoDirective Directive, DemoDeltas Reasoning, DemoDeltas Answer)
{
    // Enough to be seen, and to be missed.
    private const int WordsBeforeCut = 5;

    /// <summary>Deltas that come before the ending.</summary>
    public int Count { get; private init; }

    public DemoEnding Ending { get; private init; }

    public FinishReason FinishReason { get; private init; }

    /// <summary>What it calls in place of an answer; none: it answers.</summary>
    public IReadOnlyList<ModelEvent> Calls { get; private init; } = [];

    /// <param name="error">What is wrong with the message's directive; null: nothing.</param>
    public static DemoPlan For(ModelRequest request, out string? error)
    {
        var begun = "";
        if (request.Messages is [.., { Role: ModelRole.Assistant } own])
        {
            begun = DemoConversation.TextOf(own);
            request = request with { Messages = [.. request.Messages.SkipLast(1)] };
        }

        var said = request.Messages.ToList();
        var at = said.FindLastIndex(message => message.Role == ModelRole.User);
        var since = said.Skip(at + 1).ToList();
        var message = at < 0 ? "" : DemoConversation.TextOf(said[at]);
        var directive = Played(request.Model, DemoDirectiveParser.Parse(message, out var text, out error));
        var thoughts = begun.Length > 0 ? DemoDeltas.None : DemoDeltas.OfThoughts(directive.Reasoning);
        if (Wanted(directive, request.Tools, text, since.Count(one => one.Calls.Count > 0)) is { Count: > 0 } calls)
        {
            return new DemoPlan(directive, thoughts, DemoDeltas.None)
            {
                Calls = DemoTools.Deltas(calls, said.Sum(one => one.Calls.Count)),
            }.Limited(request.MaxOutputTokens ?? long.MaxValue);
        }

        var asked = new DemoConversation([.. said.Take(at + 1)], text);
        var results = since.SelectMany(one => one.Results).ToList();
        var answer = directive switch
        {
            { Tokens: { } count, SplitEmoji: true } => DemoDeltas.OfHalfEmoji(count),
            { Tokens: { } count } => DemoDeltas.OfWords(count),
            { SplitEmoji: true } => DemoDeltas.Of(DemoWords.SplitPairs(AnswerTo(request, directive, asked, results))),
            _ => DemoDeltas.Of(AnswerTo(request, directive, asked, results)),
        };
        return new DemoPlan(directive, thoughts, answer.Before(request.Stop).After(begun))
            .Limited(request.MaxOutputTokens ?? long.MaxValue);
    }

    public ModelEvent Delta(int index) =>
        index < Reasoning.Count ? ModelEvent.Reasoning(Reasoning[index])
        : Calls.Count > 0 ? Calls[index - Reasoning.Count]
        : ModelEvent.Answer(Answer[index - Reasoning.Count]);

    // What a model of that name does, unless it is told to end otherwise.
    private static DemoDirective Played(string model, DemoDirective directive) =>
        model == DemoProvider.CutName && directive.Ending == DemoEnding.Finish
            ? directive with { Ending = DemoEnding.Cut, After = directive.Reasoning + WordsBeforeCut }
            : directive;

    // Those of the directive as often as it says; else what the message plainly asks for, once.
    private static IReadOnlyList<DemoCall> Wanted(
        DemoDirective directive, IReadOnlyList<ModelTool> tools, string text, int rounds) =>
        directive.Calls.Count > 0 ? rounds < directive.Rounds ? directive.Calls : []
        : directive.Tokens is null && rounds == 0 ? DemoTools.AskedFor(text, tools)
        : [];

    private static string[] AnswerTo(
        ModelRequest request, DemoDirective directive, DemoConversation asked, List<ModelCallResult> results)
    {
        if (request.Schema is { } schema)
        {
            return DemoWords.Split(directive.IsBadJson ? "This is no JSON." : DemoInstance.Of(schema.JsonSchema));
        }

        var told = DemoTools.Told(results);
        var isMoreAsked = results.Count == 0 || (directive.Calls.Count > 0 && asked.Question.Length > 0);
        return DemoWords.Split(
            !isMoreAsked ? told
            : told.Length > 0 ? $"{told}\n\n{DemoAnswers.To(asked)}"
            : DemoAnswers.To(asked));
    }

    // Whichever comes first: the ending that the directive asks for, the bound of the answer, or the end of the text.
    private DemoPlan Limited(long maxTokens)
    {
        var all = Reasoning.Count + Answer.Count + Calls.Count;
        var bounded = (int)Math.Min(all, maxTokens);
        if (Directive.Ending != DemoEnding.Finish && Directive.After <= maxTokens)
        {
            return this with { Count = Math.Min(Directive.After, bounded), Ending = Directive.Ending };
        }

        return this with
        {
            Count = bounded,
            FinishReason =
                bounded < all ? FinishReason.Length
                : Calls.Count > 0 ? FinishReason.ToolCalls
                : FinishReason.Stop,
        };
    }
}
