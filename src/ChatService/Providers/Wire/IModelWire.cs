using System.Text.Json;

namespace ChatGrpc.Providers.Wire;

/// <summary>How one kind of provider is asked over HTTP, and how its answers read.</summary>
internal interface IModelWire
{
    /// <summary>As <see cref="IModelProvider.Name"/>.</summary>
    string Name { get; }

    /// <summary>The request for a streamed answer.</summary>
    HttpRequestMessage Ask(ModelRequest request);

    /// <param name="model">The provider's own name of the model that is asked.</param>
    WireErrors ErrorsFor(string model);

    /// <summary>What reads the chunks of one answer.</summary>
    ChunkReader ChunksOf(WireErrors errors);

    /// <summary>The request for the models that there are, or for the next of them.</summary>
    /// <param name="after">What the page before said; null: the first.</param>
    HttpRequestMessage List(string? after);

    /// <summary>Adds the models of a page; returns what the next one follows, or null for the last.</summary>
    string? ReadList(JsonElement page, List<ListedModel> models);
}
