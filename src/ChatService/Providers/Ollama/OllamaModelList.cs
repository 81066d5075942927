using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Ollama;

/// <summary>Reads the list of models that a server has. Versions of 2026 add to the names what each can do.</summary>
internal static class OllamaModelList
{
    /// <summary>Null: this is no list of models.</summary>
    public static List<ListedModel>? Read(JsonElement? root)
    {
        var list = root.Member("models");
        if (list is not { ValueKind: JsonValueKind.Array })
        {
            return null;
        }

        // What only embeds, or draws, does not chat.
        return
        [
            .. list.Items()
                .Where(item => Capabilities(item).Names("completion") != false)
                .Select(Model)
                .Where(model => model.Id.Length > 0),
        ];
    }

    private static ListedModel Model(JsonElement item)
    {
        JsonElement? model = item;
        var capabilities = Capabilities(model);
        return new(model.Member("name").Text())
        {
            Images = capabilities.Names("vision"),
            Reasoning = capabilities.Names("thinking"),
            Tools = capabilities.Names("tools"),
            ContextTokens = model.Member("details").Member("context_length").Count(),
        };
    }

    private static JsonElement? Capabilities(JsonElement? model) => model.Member("capabilities");
}
