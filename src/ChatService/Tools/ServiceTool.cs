using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ChatGrpc.Tools;

/// <summary>A tool that comes with the service.</summary>
/// <param name="name">What requests and models call it.</param>
/// <param name="title">What it is called before people.</param>
/// <param name="description">What it does and how, for the model.</param>
/// <param name="schema">JSON schema of its arguments.</param>
internal abstract class ServiceTool(string name, string title, string description, string schema) : AIFunction
{
    public override string Name => name;

    public string Title => title;

    public override string Description => description;

    public override JsonElement JsonSchema { get; } = JsonElement.Parse(schema);

    /// <summary>The argument of that name; null: it is not there, or no text.</summary>
    protected static string? TextOf(AIFunctionArguments arguments, string argument) =>
        arguments.TryGetValue(argument, out var value) && value is JsonElement { ValueKind: JsonValueKind.String } text
            ? text.GetString()
            : null;
}
