using System.Text.Json;

namespace ChatGrpc.TestKit.Providers;

/// <summary>What providers answer when they are asked which models they have.</summary>
internal static class ModelLists
{
    /// <summary>GET /v1/models as OpenAI has it: names and little else.</summary>
    public static string OpenAI(params string[] ids) => List([.. ids.Select(id =>
        (object)new { id, @object = "model", created = 1700000000, owned_by = "stand-in" })]);

    /// <summary>GET /v1/models as vLLM has it: one model and its longest conversation.</summary>
    public static string Vllm(string id, long maxModelLength) => List(
        [new { id, @object = "model", created = 1700000000, owned_by = "vllm", max_model_len = maxModelLength }]);

    /// <summary>GET /api/v1/models as OpenRouter has it: names and what each model can do.</summary>
    public static string OpenRouter(params (string Id, long Context, string[] Inputs, string[] Parameters)[] models) =>
        JsonSerializer.Serialize(new
        {
            data = models.Select(model => new
            {
                id = model.Id,
                canonical_slug = model.Id,
                name = model.Id,
                created = 1700000000,
                context_length = model.Context,
                architecture = new { input_modalities = model.Inputs, output_modalities = new[] { "text" } },
                supported_parameters = model.Parameters,
            }),
        });

    /// <summary>GET /v1/models as Anthropic has it: a page, and whether there are more.</summary>
    public static string Anthropic(bool hasMore, params string[] ids) => JsonSerializer.Serialize(new
    {
        data = ids.Select(id => new
        {
            type = "model",
            id,
            display_name = id,
            created_at = "2026-01-02T00:00:00Z",
        }),
        first_id = ids.FirstOrDefault(),
        last_id = ids.LastOrDefault(),
        has_more = hasMore,
    });

    /// <summary>GET /api/tags of Ollama: what was pulled.</summary>
    public static string Ollama(params string[] names) => JsonSerializer.Serialize(new
    {
        models = names.Select(name => new
        {
            name,
            model = name,
            modified_at = "2026-01-02T03:04:05.678901234Z",
            size = 2019393189,
            digest = new string('a', 64),
            details = new
            {
                parent_model = "",
                format = "gguf",
                family = "llama",
                families = new[] { "llama" },
                parameter_size = "3.2B",
                quantization_level = "Q4_K_M",
            },
        }),
    });

    private static string List(object[] data) => JsonSerializer.Serialize(new { @object = "list", data });
}
