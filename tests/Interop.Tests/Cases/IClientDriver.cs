using System.Text.Json.Nodes;

namespace Interop.Tests.Cases;

/// <summary>A client of another language, ready to be asked what it finds.</summary>
internal interface IClientDriver : IAsyncDisposable
{
    /// <param name="question">One of those in questions.mjs.</param>
    /// <param name="ask">What exactly is asked.</param>
    Task<JsonNode> AskAsync(string question, JsonNode ask);
}
