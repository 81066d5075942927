using System.Security.Cryptography;
using System.Text;
using Chat.V1;

namespace ChatGrpc.Turns;

/// <summary>What a turn has said so far: the answer, and apart from it the reasoning.</summary>
internal sealed class AnswerText
{
    private readonly StringBuilder _answer = new();
    private readonly StringBuilder _reasoning = new();

    public bool IsEmpty => _answer.Length == 0;

    public string Answer => _answer.ToString();

    public string Reasoning => _reasoning.ToString();

    /// <summary>UTF-16 units of both.</summary>
    public int Length => _answer.Length + _reasoning.Length;

    /// <summary>Where both end now.</summary>
    public AnswerPlace End => new(_answer.Length, _reasoning.Length);

    public IReadOnlyList<Part> Parts => IsEmpty ? [] : [new Part { Text = Answer }];

    public void Append(Token token) => Append(token.Channel, token.Text);

    public void Append(TokenChannel channel, string text) =>
        (channel == TokenChannel.Reasoning ? _reasoning : _answer).Append(text);

    /// <summary>What came after a place is no part of it any more.</summary>
    public void Withdraw(AnswerPlace place) => (_answer.Length, _reasoning.Length) = (place.Answer, place.Reasoning);

    /// <summary>Of the answer's UTF-8, in lower-case hexadecimal digits.</summary>
    public string Sha256() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Answer)));
}

/// <summary>A place in both texts, in UTF-16 units.</summary>
internal readonly record struct AnswerPlace(int Answer, int Reasoning);
