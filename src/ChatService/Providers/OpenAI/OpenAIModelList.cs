using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>
/// Reads a list of models. OpenAI's own tells names only; OpenRouter adds what each model can do, vLLM the longest
/// conversation.
/// </summary>
internal static class OpenAIModelList
{
    /// <summary>Null: this is no list of models.</summary>
    public static List<ListedModel>? Read(JsonElement? root)
    {
        // Some compatible servers leave the wrapper out.
        var list = root is { ValueKind: JsonValueKind.Array } ? root : root.Member("data");
        if (list is not { ValueKind: JsonValueKind.Array })
        {
            return null;
        }

        return [.. list.Items().Select(Model).Where(model => model.Id.Length > 0)];
    }

    private static ListedModel Model(JsonElement item)
    {
        JsonElement? model = item;
        var parameters = model.Member("supported_parameters");
        return new(model.Member("id").Text())
        {
            Images = model.Member("architecture").Member("input_modalities").Names("image"),
            Reasoning = parameters.Names("reasoning", "include_reasoning"),
            Tools = parameters.Names("tools"),
            ContextTokens = model.Member("context_length").Count() ?? model.Member("max_model_len").Count(),
        };
    }
}
