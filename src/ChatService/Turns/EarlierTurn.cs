using ChatGrpc.Storage;

namespace ChatGrpc.Turns;

/// <summary>What an earlier process made of a turn before it waited.</summary>
/// <param name="Said">Its text so far, on which the turn goes on.</param>
internal sealed record EarlierTurn(IReadOnlyList<TurnStep> Steps, AnswerText Said);
