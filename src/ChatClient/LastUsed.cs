using System.Text.Json;

namespace ChatGrpc.Client;

/// <summary>Remembers the last id used with each service: of a session, for --continue, or of a stream.</summary>
/// <param name="file">A small JSON object: address → id.</param>
internal sealed class LastUsed(string file)
{
    /// <summary>Where the person's programs keep such things.</summary>
    public static string DefaultFolder => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "chatgrpc");

    public string? Find(Uri server) => Read().GetValueOrDefault(server.ToString());

    /// <summary>Written beside the file and moved over it, so that a reader never sees half.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(Uri server, string id)
    {
        var ids = Read();
        ids[server.ToString()] = id;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var beside = $"{file}.{Environment.ProcessId}";
        using (var stream = File.Create(beside))
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (address, last) in ids)
            {
                writer.WriteString(address, last);
            }

            writer.WriteEndObject();
        }

        File.Move(beside, file, overwrite: true);
    }

    // A file that cannot be read is as good as none: it is written anew with the next id.
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
