using System.Text.Json;
using ChatGrpc.Providers.Wire;

namespace ChatGrpc.Providers.OpenAI;

/// <summary>Reads a model of a listing. OpenAI says its name alone; routers and other servers add more.</summary>
internal static class OpenAIListedModel
{
    public static ListedModel Read(JsonElement model) => new(model.GetProperty("id"u8).GetString() ?? "")
    {
        // OpenRouter's words, and vLLM's for the last.
        Images = model.Find("architecture"u8)?.Find("input_modalities"u8)?.Lists("image"u8),
        Reasoning = model.Find("supported_parameters"u8)?.Lists("reasoning"u8),
        Tools = model.Find("supported_parameters"u8)?.Lists("tools"u8),
        ContextTokens = (model.Find("context_length"u8) ?? model.Find("max_model_len"u8))?.Count(),
    };
}
