using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace ChatGrpc.Page;

/// <summary>A file of the page, as it is and compressed.</summary>
internal sealed class PageFile(string name, byte[] bytes, IReadOnlyDictionary<string, byte[]> encoded)
{
    /// <summary>What the build compresses with, the smallest first: its name in HTTP and in the file's.</summary>
    public static readonly IReadOnlyList<(string Name, string Ending)> Encodings = [("br", ".br"), ("gzip", ".gz")];

    private const string Plain = "identity";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, Variant> _variants = encoded
        .Append(KeyValuePair.Create(Plain, bytes))
        .ToFrozenDictionary(pair => pair.Key, pair => new Variant(pair.Value, TagOf(pair.Value)));

    private readonly string _contentType = ContentTypes.GetValueOrDefault(
        Path.GetExtension(name), "application/octet-stream");

    /// <summary>The file in the smallest form that the caller takes, or headers alone if the caller has it.</summary>
    public IResult Answer(HttpContext call)
    {
        var encoding = Choose(call.Request.GetTypedHeaders().AcceptEncoding);
        if (_variants.Count > 1)
        {
            call.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        }

        if (encoding != Plain)
        {
            call.Response.Headers.ContentEncoding = encoding;
        }

        var variant = _variants[encoding];
        return TypedResults.Bytes(variant.Bytes, _contentType, entityTag: variant.Tag);
    }

    private string Choose(IList<StringWithQualityHeaderValue> accepted) =>
        Encodings.Select(encoding => encoding.Name).FirstOrDefault(
            name => _variants.ContainsKey(name) && accepted.Any(value => value.Value == name && value.Quality != 0))
        ?? Plain;

    private static EntityTagHeaderValue TagOf(byte[] bytes) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");

    private sealed record Variant(byte[] Bytes, EntityTagHeaderValue Tag);
}
