using System.Text.RegularExpressions;

namespace ChatGrpc.Providers.Demo;

/// <summary>When the demo model calls a tool, and what it says of what came back.</summary>
internal static partial class DemoTools
{
    private const string Time = "time";
    private const string Calculator = "calculator";

    private static readonly string[] TimePhrases =
    [
        "what time is it", "what is the time", "what s the time", "what is the current time", "what day is it",
        "what is the date", "what s the date", "what is today s date", "how late is it",
    ];

    /// <summary>The calls of a message without a directive for them: one, if it plainly asks for it.</summary>
    /// <param name="tools">What may be called.</param>
    public static IReadOnlyList<DemoCall> AskedFor(string question, IReadOnlyList<ModelTool> tools)
    {
        var words = DemoAnswers.WordsOf(question);
        if (Named(Time, tools) is { } time
            && TimePhrases.Any(phrase => words.Contains($" {phrase} ", StringComparison.Ordinal)))
        {
            return [new DemoCall(time.Name, "{}")];
        }

        return Named(Calculator, tools) is { } calculator && Sum().Match(question) is { Success: true } sum
            ? [new DemoCall(calculator.Name, $$"""{"expression": "{{sum.Groups[1].Value}}"}""")]
            : [];
    }

    /// <summary>The deltas of calls: of each its name, then its arguments in pieces.</summary>
    /// <param name="before">How many calls there are in the conversation, so that the ids of these are new.</param>
    public static IReadOnlyList<ModelEvent> Deltas(IReadOnlyList<DemoCall> calls, int before)
    {
        var deltas = new List<ModelEvent>();
        for (var i = 0; i < calls.Count; i++)
        {
            var call = new ModelToolCall(i, $"demo_call_{before + i + 1}", calls[i].Name);
            deltas.Add(ModelEvent.ToolCall(call, ""));
            deltas.AddRange(DemoWords.Split(calls[i].Arguments).Select(piece => ModelEvent.ToolCall(call, piece)));
        }

        return deltas;
    }

    public static string Told(IEnumerable<ModelCallResult> results) => string.Join('\n', results.Select(result =>
        $"{result.Name} {(result.IsError ? "failed" : "answered")}: {DemoAnswers.Shortened(result.Text)}"));

    // A server's tool has the server's name before its own.
    private static ModelTool? Named(string ending, IReadOnlyList<ModelTool> tools) =>
        tools.FirstOrDefault(tool => tool.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    // Two numbers at least with a sign between them, behind words that ask for them.
    [GeneratedRegex(
        @"(?:what is|what's|how much is|calculate|compute)\s+([\d(.-][\d (.)]*(?:[+*/^%-][\d (.)]*)+[\d)])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sum();
}
