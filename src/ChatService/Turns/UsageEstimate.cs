using Chat.V1;
using ChatGrpc.Providers;

namespace ChatGrpc.Turns;

/// <summary>What a turn's tries used: as the providers reported it, or reckoned where they told nothing.</summary>
internal static class UsageEstimate
{
    // The providers' own rule of thumb for English: a token is about four characters.
    private const int CharactersPerToken = 4;

    /// <summary>Null: the try failed before the model said anything, which nobody bills.</summary>
    public static Usage? Of(ModelAttempt attempt) => attempt switch
    {
        { Measured: { } measured } => measured,
        { Outcome: StreamState.Failed, FirstText: 0 } => null,
        _ => Of(attempt.Request, attempt.AnswerLength, attempt.ReasoningLength),
    };

    /// <param name="answer">UTF-16 units, as all lengths here.</param>
    public static Usage Of(ModelRequest request, long answer, long reasoning)
    {
        var prompt = request.Instructions.Length + request.Messages.Sum(Length) + request.Begun.Length;
        return new Usage
        {
            PromptTokens = Tokens(prompt),
            CompletionTokens = Tokens(answer) + Tokens(reasoning),
            ReasoningTokens = Tokens(reasoning),
            Source = UsageSource.Estimated,
        };
    }

    /// <summary>Measured only if all of it is.</summary>
    public static Usage Sum(IEnumerable<Usage> parts)
    {
        Usage? sum = null;
        foreach (var part in parts)
        {
            sum ??= new Usage { Source = part.Source };
            sum.PromptTokens += part.PromptTokens;
            sum.CompletionTokens += part.CompletionTokens;
            sum.CachedTokens += part.CachedTokens;
            sum.ReasoningTokens += part.ReasoningTokens;
            sum.Source = part.Source == sum.Source ? sum.Source : UsageSource.Estimated;
        }

        return sum ?? new Usage { Source = UsageSource.Estimated };
    }

    private static long Length(ModelMessage message) =>
        message.Parts.Sum(part => (long)part.Text.Length)
        + message.Calls.Sum(call => (long)call.ArgumentsJson.Length)
        + message.Results.Sum(result => (long)result.Text.Length);

    private static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
