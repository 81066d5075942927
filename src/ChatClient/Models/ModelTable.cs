using Chat.V1;
using ListedModel = Chat.V1.Model;

namespace ChatGrpc.Client.Models;

/// <summary>The models as lines to read: the default one marked, what is known of each, and what is wrong.</summary>
internal static class ModelTable
{
    public static IEnumerable<string> Lines(ListModelsResponse listed, string current)
    {
        var marked = current.Length > 0 ? current : listed.DefaultModel;
        var aliases = Width(listed.Models, model => model.Alias);
        var names = Width(listed.Models, model => Name(model));
        return listed.Models.Select(model =>
            $"{(model.Alias == marked ? "*" : " ")} {model.Alias.PadRight(aliases)}  {Name(model).PadRight(names)}  "
            + Remarks(model));
    }

    private static int Width(IEnumerable<ListedModel> models, Func<ListedModel, string> text) =>
        models.Select(model => text(model).Length).DefaultIfEmpty().Max();

    private static string Name(ListedModel model) =>
        model.ResolvedModel == model.Provider ? model.Provider : $"{model.Provider} {model.ResolvedModel}";

    private static string Remarks(ListedModel model)
    {
        var capabilities = model.Capabilities ?? new ModelCapabilities();
        var remarks = new List<string>
        {
            model.Availability switch
            {
                ModelAvailability.Available => "available",
                ModelAvailability.Unavailable => $"not available: {model.UnavailableReason}",
                _ => "its provider does not say whether it is there",
            },
        };
        AddIf(capabilities.Images, "sees");
        AddIf(capabilities.Reasoning, "reasons");
        AddIf(capabilities.Tools, "calls tools");
        AddIf(capabilities.HasContextTokens, $"{capabilities.ContextTokens:N0} tokens of context");
        AddIf(model.NonStreaming, "answers in one piece");
        AddIf(model.Fallbacks.Count > 0, $"falls back on {string.Join(", ", model.Fallbacks)}");
        return string.Join(", ", remarks);

        void AddIf(bool holds, string remark)
        {
            if (holds)
            {
                remarks.Add(remark);
            }
        }
    }
}
