using System.Text.Json;

namespace ChatGrpc.Client;

/// <summary>Remembers the last session used with each service, for --continue.</summary>
/// <param name="file">A small JSON object: address → session.</param>
internal sealed class LastSession(string file)
{
    public static string DefaultFile => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "chatgrpc",
        "last-sessions.json");

    public string? Find(Uri server) => Read().GetValueOrDefault(server.ToString());

    /// <summary>Written beside the file and moved over it, so that a reader never sees half.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(Uri server, string sessionId)
    {
        var sessions = Read();
        sessions[server.ToString()] = sessionId;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var beside = $"{file}.{Environment.ProcessId}";
        using (var stream = File.Create(beside))
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (address, session) in sessions)
            {
                writer.WriteString(address, session);
            }

            writer.WriteEndObject();
        }

        File.Move(beside, file, overwrite: true);
    }

    // A file that cannot be read is as good as none: it is written anew with the next session.
    private Dictionary<string, string> Read()
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return document.RootElement.EnumerateObject()
                .ToDictionary(member => member.Name, member => member.Value.GetString() ?? "");
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException or ArgumentException)
        {
            return [];
        }
    }
}
