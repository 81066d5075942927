using System.Security.Cryptography;
using System.Text;
using Chat.V1;
using ChatGrpc.Client.Streams;

namespace ChatClient.Tests.Streams;

public sealed class StreamProofTests
{
    [Fact]
    public void WholeStream_HasNoFlaw() => Assert.Null(Observe(Text(1, "a"), Text(2, "b"), End(3, "ab")).Flaw);

    [Fact]
    public void ReasoningAndRetractedText_AreNotTheAnswer()
    {
        var reasoning = Text(1, "hm");
        reasoning.Token.Channel = TokenChannel.Reasoning;
        var retract = new StreamChatResponse { Sequence = 4, Retract = new Retract { AfterSequence = 2 } };

        var proof = Observe(reasoning, Text(2, "a"), Text(3, "wrong"), retract, Text(5, "b"), End(6, "ab"));

        Assert.Null(proof.Flaw);
    }

    [Fact]
    public void LostEvent_IsAFlaw() =>
        Assert.Contains("lost", Observe(Text(1, "a"), Text(3, "b"), End(4, "ab")).Flaw, StringComparison.Ordinal);

    [Fact]
    public void RepeatedEvent_IsAFlaw() =>
        Assert.Contains("repeated", Observe(Text(1, "a"), Text(1, "a"), End(2, "a")).Flaw, StringComparison.Ordinal);

    [Fact]
    public void NoEnd_IsAFlaw() =>
        Assert.Contains("without its end mark", Observe(Text(1, "a")).Flaw, StringComparison.Ordinal);

    [Fact]
    public void EventAfterTheEnd_IsAFlaw() => Assert.NotNull(Observe(End(1, ""), Text(2, "a")).Flaw);

    [Fact]
    public void OtherCount_IsAFlaw()
    {
        var end = End(2, "a");
        end.StreamEnd.LastSequence = 3;

        Assert.Contains("missing at the end", Observe(Text(1, "a"), end).Flaw, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherText_IsAFlaw() =>
        Assert.Contains("not the one", Observe(Text(1, "a"), End(2, "b")).Flaw, StringComparison.Ordinal);

    private static StreamProof Observe(params StreamChatResponse[] events)
    {
        var proof = new StreamProof();
        foreach (var next in events)
        {
            proof.Observe(next);
        }

        return proof;
    }

    private static StreamChatResponse Text(long sequence, string text) =>
        new() { Sequence = sequence, Token = new Token { Text = text, Channel = TokenChannel.Answer } };

    private static StreamChatResponse End(long sequence, string answer) => new()
    {
        Sequence = sequence,
        StreamEnd = new StreamEnd
        {
            LastSequence = sequence,
            AnswerSha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(answer))),
        },
    };
}
