using System.Text.Json;
using System.Text.Json.Nodes;

namespace Interop.Tests.Cases;

/// <summary>What a client is asked, and what it has to find.</summary>
/// <param name="Name">Names the case in test results and in the tables of what a client cannot do.</param>
/// <param name="Question">One of those in questions.mjs.</param>
/// <param name="Ask">What exactly is asked, given a name for the call that no other call has.</param>
/// <param name="Facts">What the client has to find; it may find more.</param>
internal sealed record ClientCase(string Name, string Question, Func<string, object> Ask, object Facts)
{
    public async Task CheckAsync(IClientDriver client)
    {
        var ask = JsonSerializer.SerializeToNode(Ask($"{Name}-{Guid.NewGuid():n}"))!;
        var found = await client.AskAsync(Question, ask);
        var differences = Differences("", JsonSerializer.SerializeToNode(Facts), found).ToArray();
        string[] report = [.. differences, $"The client found {found.ToJsonString()}"];
        Assert.True(differences.Length == 0, string.Join('\n', report));
    }

    /// <summary>Where what is found is not as expected. Objects may have more members, arrays no more items.</summary>
    internal static IEnumerable<string> Differences(string path, JsonNode? expected, JsonNode? found) =>
        (expected, found) switch
        {
            (JsonObject members, JsonObject others) => members.SelectMany(
                member => Differences($"{path}.{member.Key}", member.Value, others[member.Key])),
            (JsonArray items, JsonArray others) when items.Count == others.Count => items.Zip(others).SelectMany(
                (pair, i) => Differences($"{path}[{i}]", pair.First, pair.Second)),
            _ when JsonNode.DeepEquals(expected, found) => [],
            _ => [$"{path}: {Text(expected)} was expected, not {Text(found)}"],
        };

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}
