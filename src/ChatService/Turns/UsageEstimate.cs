using Chat.V1;
using ChatGrpc.Providers;

namespace ChatGrpc.Turns;

/// <summary>Reckons usage where the provider told none, as after a cancel.</summary>
internal static class UsageEstimate
{
    // The providers' own rule of thumb for English: a token is about four characters.
    private const int CharactersPerToken = 4;

    /// <param name="carriedOver">UTF-16 units of the answer that this model did not say.</param>
    public static Usage Of(ModelRequest request, AnswerText said, int carriedOver = 0)
    {
        var prompt = request.Instructions.Length
            + request.Messages.Sum(message => message.Parts.Sum(part => part.Text.Length));
        var reasoning = Tokens(said.Reasoning.Length);
        return new Usage
        {
            PromptTokens = Tokens(prompt),
            CompletionTokens = Tokens(Math.Max(0, said.Answer.Length - carriedOver)) + reasoning,
            ReasoningTokens = reasoning,
            Source = UsageSource.Estimated,
        };
    }

    private static long Tokens(long characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
