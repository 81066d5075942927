namespace Tidy.Tests.Boundaries;

/// <summary>
/// The rooms of the service and which of them each may know. The arrows point one way: Program → Endpoints → Turns →
/// {Providers, Tools, Storage, …} → Model. docs/architecture.md has the same table in words.
/// </summary>
internal static class Rooms
{
    public const string Service = "src/ChatService/";

    /// <summary>Files beside Program, which puts the rooms together and knows them all.</summary>
    public const string Entry = "";

    /// <summary>Telemetry is everybody's.</summary>
    public const string Telemetry = "Telemetry";

    private static readonly Dictionary<string, string[]> Knows = new()
    {
        ["Hosting"] = ["Turns", "Providers", "Tools", "Prompts", "Retrieval", "Storage", "Security", "Ports", "Model"],
        ["Endpoints"] = ["Conversations", "Watching", "Turns", "Providers", "Tools", "Storage", "Security", "Schemas", "Model"],
        ["Watching"] = ["Turns", "Storage", "Model"],
        ["Conversations"] = ["Turns", "Storage", "Model"],
        ["Turns"] = ["Providers", "Tools", "Prompts", "Retrieval", "Storage", "Schemas", "Model"],
        ["Providers"] = ["Model"],
        ["Tools"] = ["Schemas", "Model"],
        ["Prompts"] = ["Model"],
        ["Retrieval"] = ["Model"],
        ["Storage"] = ["Model"],
        ["Security"] = ["Model"],
        ["Ports"] = ["Model"],
        ["Schemas"] = ["Model"],
        ["Page"] = [],
        ["Model"] = [],
        [Telemetry] = [],
    };

    /// <summary>Folders inside a room that the whole room shares; the others are for their own files.</summary>
    public static readonly IReadOnlySet<string> Shared =
        new HashSet<string>
        {
            "Providers.Sse", "Providers.Ndjson", "Providers.Wire", "Providers.Resilience", "Storage.Search",
        };

    public static IReadOnlyCollection<string> All => Knows.Keys;

    public static bool Exists(string room) => room == Entry || Knows.ContainsKey(room);

    public static bool MayKnow(string room, string other) =>
        room == Entry || room == other || other == Telemetry || Knows[room].Contains(other);

    /// <summary>The first folder below the service: Turns, Storage, …</summary>
    public static string Of(SourceFile file) => Part(file, 0);

    /// <summary>The folder inside the room, or nothing: Embedded, OpenAI, …</summary>
    public static string InnerOf(SourceFile file) => Part(file, 1);

    private static string Part(SourceFile file, int index)
    {
        var folders = file.Path[Service.Length..].Split('/')[..^1];
        return folders.Length > index ? folders[index] : Entry;
    }
}
