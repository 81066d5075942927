using Chat.V1;

namespace ChatGrpc.Client.Rendering;

/// <summary>What there is to say of an answer that did not end as one wishes.</summary>
internal static class EndingWords
{
    // Enough words to find the place on the screen.
    private const int TailLength = 40;

    /// <summary>How it ended; null: that goes without saying.</summary>
    public static string? Of(StreamState state, bool hasAnswer) => state switch
    {
        StreamState.Cancelled => "Stopped; what there is of the answer is saved.",
        StreamState.Failed or StreamState.Interrupted when hasAnswer =>
            "The answer is not complete; what there is of it is saved.",
        _ => null,
    };

    /// <summary>More was shown than this, which is all that was saved.</summary>
    public static string Unsaved(string answer) => answer.Length == 0
        ? "Nothing of the text above was saved."
        : $"The end of the text above was not saved; the answer ends with “{Tail(answer)}”.";

    /// <summary>What a model said that another one says anew; null: nothing that was shown.</summary>
    public static string? Withdrawn(string answer, bool hasReasoning, bool hasCalls)
    {
        string[] what =
            [answer.Length > 0 ? "answer" : "", hasReasoning ? "reasoning" : "", hasCalls ? "calls of tools" : ""];
        var all = string.Join(" and the ", what.Where(one => one.Length > 0));
        return all.Length > 0 ? $"Withdrawn, and begun again: the {all} so far." : null;
    }

    private static string Tail(string answer)
    {
        var from = Math.Max(0, answer.Length - TailLength);
        from += from > 0 && char.IsLowSurrogate(answer[from]) ? 1 : 0;
        return (from > 0 ? "…" : "") + answer[from..].ReplaceLineEndings(" ");
    }
}
