using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace ChatGrpc.Storage.Moving;

/// <summary>Counts the rows of a session and hashes every value of them, while they pass.</summary>
internal sealed class SessionDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<string, long> _rows = [];

    public long Rows(string table) => _rows.GetValueOrDefault(table);

    /// <summary>What is in the store now. Null: it has no such session.</summary>
    public static async Task<string?> OfAsync(
        IMovableStore store, SessionKey session, CancellationToken cancellationToken)
    {
        using var digest = new SessionDigest();
        foreach (var table in MovedTable.All)
        {
            await foreach (var row in store.ReadAsync(session, table, cancellationToken))
            {
                digest.Add(table, row);
            }

            if (digest._rows.Count == 0)
            {
                return null;
            }
        }

        return digest.Finish();
    }

    /// <summary>The same rows, counted and hashed.</summary>
    public async IAsyncEnumerable<object?[]> PassAsync(
        MovedTable table, IAsyncEnumerable<object?[]> rows,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            Add(table, row);
            yield return row;
        }
    }

    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void Add(MovedTable table, object?[] row)
    {
        _rows[table.Name] = Rows(table.Name) + 1;
        Span<byte> eight = stackalloc byte[sizeof(long)];
        AddBytes((byte)'T', Encoding.UTF8.GetBytes(table.Name));
        foreach (var value in row)
        {
            switch (value)
            {
                case null:
                    AddBytes((byte)'0', []);
                    break;
                case string text:
                    AddBytes((byte)'t', Encoding.UTF8.GetBytes(text));
                    break;
                case byte[] bytes:
                    AddBytes((byte)'b', bytes);
                    break;
                case long number:
                    BinaryPrimitives.WriteInt64LittleEndian(eight, number);
                    AddBytes((byte)'n', eight);
                    break;
                default:
                    throw new InvalidOperationException($"No value of {value.GetType()} is moved.");
            }
        }
    }

    // Its kind and length before each value: no two rows of values are the same bytes.
    private void AddBytes(byte kind, ReadOnlySpan<byte> value)
    {
        Span<byte> head = stackalloc byte[1 + sizeof(int)];
        head[0] = kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], value.Length);
        _hash.AppendData(head);
        _hash.AppendData(value);
    }
}
