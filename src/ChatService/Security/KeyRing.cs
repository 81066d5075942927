using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ChatGrpc.Model;

namespace ChatGrpc.Security;

/// <summary>The keys that open the service, by their hashes, and the caller behind each.</summary>
internal sealed partial class KeyRing
{
    // The hash's first bytes choose, in a time that tells nothing of a key; all of it is compared in constant time.
    private readonly Dictionary<ulong, List<(byte[] Hash, Caller Caller)>> _callers = [];

    private KeyRing(bool isOpen) => IsOpen = isOpen;

    /// <summary>No key is configured: nobody needs one.</summary>
    public bool IsOpen { get; }

    /// <exception cref="StartupException">A key's settings are wrong.</exception>
    public static KeyRing Of(IReadOnlyDictionary<string, KeyOptions> keys)
    {
        var ring = new KeyRing(keys.Count == 0);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, key) in keys)
        {
            var path = $"Chat:Keys:{name}";
            Require(IsName(name), $"{path} is no name of a key: take 1 to 64 of A-Z a-z 0-9 . _ -.");
            var hash = ApiKey.ParseHash(key.Hash)
                ?? throw new StartupException(
                    $"{path}:Hash is no hash of a key: it is {ApiKey.HashPrefix} and 64 hexadecimal digits, as the "
                    + $"command keys new {name} prints it.");
            var tenant = key.Tenant.Length > 0 ? key.Tenant : DefaultTenant(name);
            Require(IsName(tenant), $"{path}:Tenant is no tenant: take 1 to 64 of A-Z a-z 0-9 . _ -.");
            Require(
                names.TryAdd(key.Hash, name),
                $"{path} and Chat:Keys:{names[key.Hash]} have the same hash: a key has one name; remove one of them.");
            if (!key.Revoked)
            {
                ring.Add(hash, new Caller(tenant));
            }
        }

        return ring;
    }

    /// <summary>The rule for names of keys and tenants.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    /// <param name="key">Well-formed.</param>
    /// <returns>Null: no such key, or no longer.</returns>
    public Caller? Find(ReadOnlySpan<char> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ApiKey.Hash(key, hash);
        foreach (var (known, caller) in _callers.GetValueOrDefault(First(hash)) ?? [])
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
            {
                return caller;
            }
        }

        return null;
    }

    // Names of settings have no case, and tenants do: a tenant must not change with the spelling that came first.
    private static string DefaultTenant(string name) =>
        string.Create(name.Length, name, static (lower, name) => name.AsSpan().ToLowerInvariant(lower));

    private static ulong First(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt64LittleEndian(hash);

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new StartupException(sentence);
        }
    }

    private void Add(byte[] hash, Caller caller)
    {
        if (!_callers.TryGetValue(First(hash), out var near))
        {
            _callers[First(hash)] = near = [];
        }

        near.Add((hash, caller));
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex Name();
}
