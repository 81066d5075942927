using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.Anthropic;

/// <summary>Reads one page of Anthropic's list of models.</summary>
/// <param name="NextAfter">The id after which the next page begins; empty: this is the last.</param>
internal sealed record AnthropicModelList(List<ListedModel> Models, string NextAfter)
{
    /// <summary>Null: this is no list of models.</summary>
    public static AnthropicModelList? Read(JsonElement? root)
    {
        var list = root.Member("data");
        if (list is not { ValueKind: JsonValueKind.Array })
        {
            return null;
        }

        return new(
            [.. list.Items().Select(Model).Where(model => model.Id.Length > 0)],
            root.Member("has_more").Flag() == true ? root.Member("last_id").Text() : "");
    }

    private static ListedModel Model(JsonElement item)
    {
        JsonElement? model = item;
        var capabilities = model.Member("capabilities");
        return new(model.Member("id").Text())
        {
            Images = capabilities.Member("image_input").Member("supported").Flag(),
            Reasoning = capabilities.Member("thinking").Member("supported").Flag(),
            ContextTokens = model.Member("max_input_tokens").Count(),
        };
    }
}
