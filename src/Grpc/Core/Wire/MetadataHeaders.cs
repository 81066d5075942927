namespace Grpc.Core.Wire;

/// <summary>Metadata as HTTP headers or trailers, and back.</summary>
internal static class MetadataHeaders
{
    /// <summary>The headers that carry application metadata; names the protocol owns are left out.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Format(Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            if (!GrpcHeaders.IsReserved(entry.Key))
            {
                yield return new(entry.Key, entry.IsBinary ? BinaryHeader.Encode(entry.BinaryValue) : entry.Value);
            }
        }
    }

    /// <summary>
    /// Adds one received header; names the protocol owns are left out. A <c>-bin</c> header may hold several values
    /// split by commas. False, and nothing added, when one of them is no base64.
    /// </summary>
    public static bool TryAdd(Metadata metadata, string name, string value)
    {
        if (GrpcHeaders.IsReserved(name))
        {
            return true;
        }

        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(Metadata.Entry.FromWire(name, value));
            return true;
        }

        var decoded = new List<byte[]>(1);
        foreach (var range in value.AsSpan().Split(','))
        {
            if (!BinaryHeader.TryDecode(value.AsSpan(range), out var bytes))
            {
                return false;
            }

            decoded.Add(bytes);
        }

        decoded.ForEach(bytes => metadata.Add(Metadata.Entry.FromWire(name, bytes)));
        return true;
    }
}
