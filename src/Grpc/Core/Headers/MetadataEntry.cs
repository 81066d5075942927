using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One name and its value.</summary>
    public class Entry
    {
        private static readonly SearchValues<char> KeyCharacters =
            SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");

        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>A text value.</summary>
        /// <exception cref="ArgumentException">
        /// The key is no valid name or ends in <c>-bin</c>, or the value holds more than printable ASCII, which is
        /// all that HTTP/2 headers can carry.
        /// </exception>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = Normalize(key);
            if (IsBinary)
            {
                throw new ArgumentException($"The key '{Key}' ends in -bin, so it takes bytes.", nameof(key));
            }

            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw new ArgumentException(
                    $"The value of '{Key}' has characters outside printable ASCII; use a -bin key.", nameof(value));
            }

            _text = value;
        }

        /// <summary>A binary value; <paramref name="valueBytes"/> is copied.</summary>
        /// <exception cref="ArgumentException">The key is no valid name or does not end in <c>-bin</c>.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = Normalize(key);
            if (!IsBinary)
            {
                throw new ArgumentException($"The key '{Key}' of a binary value has to end in -bin.", nameof(key));
            }

            _bytes = [.. valueBytes];
        }

        private Entry(string key, string? text, byte[]? bytes)
        {
            Key = key;
            _text = text;
            _bytes = bytes;
        }

        /// <summary>The name, in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is bytes.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text value.</summary>
        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => _text ?? throw new InvalidOperationException($"The value of '{Key}' is binary.");

        /// <summary>A copy of the value as bytes.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(Value) : [.. _bytes];

        internal ReadOnlySpan<byte> BinaryValue => _bytes;

        /// <inheritdoc/>
        public override string ToString() =>
            _text is null ? $"[Entry: key={Key}, {BinaryValue.Length} bytes]" : $"[Entry: key={Key}, value={_text}]";

        /// <summary>A text entry from the wire: what a peer sent is passed on as it is, not validated.</summary>
        internal static Entry FromWire(string key, string text) => new(LowerCase(key), text, null);

        /// <summary>A binary entry from the wire; takes the array over.</summary>
        internal static Entry FromWire(string key, byte[] bytes) => new(LowerCase(key), null, bytes);

        internal bool KeyEquals(string key) => Key.Equals(key, StringComparison.OrdinalIgnoreCase);

        private static string Normalize(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            var lower = LowerCase(key);
            if (lower.Length == 0 || lower.AsSpan().ContainsAnyExcept(KeyCharacters))
            {
                throw new ArgumentException(
                    $"The metadata key '{key}' may hold letters, digits, '-', '_' and '.' only.", nameof(key));
            }

            return lower;
        }

        private static string LowerCase(string key) => key.ToLowerInvariant();
    }
}
