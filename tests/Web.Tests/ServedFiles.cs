using System.IO.Compression;
using System.Text.RegularExpressions;
using ChatGrpc.TestKit;
using ChatGrpc.TestKit.Processes;

namespace Web.Tests;

/// <summary>A service process, and HTTP to it that takes answers as they come.</summary>
internal sealed partial class ServedFiles : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly HttpClient _http = new();
    private ServiceProcess? _service;

    private ServedFiles()
    {
    }

    public static async Task<ServedFiles> StartAsync()
    {
        var files = new ServedFiles();
        files._service = await ServiceProcess.StartAsync(files._data.Path);
        return files;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? encoding = null, string? known = null)
    {
        // The path goes out as it is written here, dots and all.
        var address = new Uri(
            $"{_service!.Address.GetLeftPart(UriPartial.Authority)}{path}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (encoding is not null)
        {
            request.Headers.Add("Accept-Encoding", encoding);
        }

        if (known is not null)
        {
            request.Headers.Add("If-None-Match", known);
        }

        return _http.SendAsync(request).InTime();
    }

    /// <summary>The page and everything that it names, or that its scripts name.</summary>
    public async Task<IReadOnlyList<string>> PathsAsync()
    {
        using var index = await GetAsync("/");
        var html = await index.Content.ReadAsStringAsync();
        List<string> paths = ["/", .. Asset().Matches(html).Select(match => match.Groups[1].Value)];
        foreach (var path in paths.Where(path => path.EndsWith(".js", StringComparison.Ordinal)).ToArray())
        {
            using var script = await GetAsync(path);
            paths.AddRange(Script().Matches(await script.Content.ReadAsStringAsync())
                .Select(match => $"/assets/{match.Groups[1].Value}"));
        }

        return [.. paths.Distinct()];
    }

    /// <summary>The body as it was before it was compressed; small files come as they are.</summary>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, string encoding)
    {
        var body = await response.Content.ReadAsStreamAsync();
        var said = response.Content.Headers.ContentEncoding;
        Assert.True(said.Count == 0 || said.Single() == encoding);
        await using var plain = said.Count == 0 ? body
            : encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress)
            : new GZipStream(body, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await plain.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _service!.DisposeAsync();
        _data.Dispose();
    }

    [GeneratedRegex("""(?:src|href)="([^"]+)["]""")]
    private static partial Regex Asset();

    [GeneratedRegex("""["'`](?:/assets/|[.]/)([\w-]+[.]js)["'`]""")]
    private static partial Regex Script();
}
