using System.Text.Json;
using ChatGrpc.TestKit.Providers;

namespace ChatClient.Tests;

/// <summary>What a model of OpenAI's wire was asked.</summary>
internal static class ExchangeTexts
{
    /// <summary>The text of each message, parts put together.</summary>
    public static IEnumerable<string> Texts(this ProviderExchange exchange) =>
        exchange.Body.GetProperty("messages").EnumerateArray().Select(message => Text(message.GetProperty("content")));

    private static string Text(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.GetString()!
        : string.Concat(content.EnumerateArray().Select(part => part.GetProperty("text").GetString()));
}
