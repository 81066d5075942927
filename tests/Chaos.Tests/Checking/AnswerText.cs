using Chat.V1;

namespace Chaos.Tests.Checking;

internal static class AnswerText
{
    /// <summary>The answer's text, without what was withdrawn.</summary>
    public static string Of(IEnumerable<StreamChatResponse> log)
    {
        var kept = new List<StreamChatResponse>();
        foreach (var logged in log)
        {
            if (logged.Retract is { } retract)
            {
                _ = kept.RemoveAll(token => token.Sequence > retract.AfterSequence);
            }
            else if (logged.Token?.Channel == TokenChannel.Answer)
            {
                kept.Add(logged);
            }
        }

        return string.Concat(kept.Select(token => token.Token.Text));
    }
}
