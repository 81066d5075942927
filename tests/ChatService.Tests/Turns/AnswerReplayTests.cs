using Chat.V1;
using ChatGrpc.Turns;

namespace ChatGrpc.Tests.Turns;

public sealed class AnswerReplayTests
{
    [Fact]
    public void Of_Retract_WithdrawsBothTextsAfterItsSequence()
    {
        var said = AnswerReplay.Of(
        [
            Token(1, "kept "), Token(2, "thought ", TokenChannel.Reasoning), Token(3, "gone"),
            Token(4, "gone too", TokenChannel.Reasoning), Retract(5, after: 2), Token(6, "instead"),
        ]);

        Assert.Equal(("kept instead", "thought "), (said.Answer, said.Reasoning));
    }

    [Fact]
    public void Of_RetractsInARowAndOfNothing_EachFromWhatIsLeft()
    {
        var said = AnswerReplay.Of(
        [
            Token(1, "a"), Retract(2, after: 1), Token(3, "b"), Retract(4, after: 0), Retract(5, after: 0),
            Token(6, "c"), Token(7, "d"), Retract(8, after: 6),
        ]);

        Assert.Equal("c", said.Answer);
    }

    private static StreamChatResponse Token(
        long sequence, string text, TokenChannel channel = TokenChannel.Answer) =>
        new() { Sequence = sequence, Token = new Token { Text = text, Channel = channel } };

    private static StreamChatResponse Retract(long sequence, long after) =>
        new() { Sequence = sequence, Retract = new Retract { AfterSequence = after } };
}
