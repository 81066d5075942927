using System.Text.Json;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Wire;
using ChatGrpc.TestKit.Providers;

namespace ChatGrpc.Tests.Providers.Contract;

/// <summary>What the contract has to know of one wire.</summary>
internal abstract class WireCase
{
    public const string Key = "sk-test-1234567890";

    /// <summary>As the provider calls itself.</summary>
    public abstract string Name { get; }

    /// <summary>Every word for why an answer finished, and one that is thought of later.</summary>
    public abstract IReadOnlyList<(string Word, Chat.V1.FinishReason Reason)> FinishReasons { get; }

    /// <summary>The wire gives calls ids.</summary>
    public virtual bool HasCallIds => true;

    /// <summary>Where in a request the schema of an answer stands; null: it has no place for one.</summary>
    public abstract JsonElement? SchemaIn(JsonElement request);

    public abstract Task<ProviderStandIn> StartStandInAsync();

    /// <summary>A provider with the key that asks there.</summary>
    public abstract HttpModelProvider At(Uri baseUrl, TimeProvider time);

    /// <summary>An answer to be written.</summary>
    public abstract IAnswerScript Script();

    /// <summary>What a body says.</summary>
    public abstract IAsyncEnumerable<ModelEvent> Read(Stream body);

    /// <summary>A piece of a stream with those bytes, whatever they are.</summary>
    public abstract string Frame(string data);

    /// <summary>The body of an error with those words and no name that means more.</summary>
    public abstract string ErrorBody(string words);
}
