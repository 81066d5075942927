using System.Buffers;

namespace Grpc.AspNetCore.Server.Validation;

/// <summary>How a field is encoded; the numbers are protobuf's.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}

/// <summary>Walks the fields of a serialized message without decoding them.</summary>
internal ref struct WireReader(in ReadOnlySequence<byte> message)
{
    private const int MaxVarintBytes = 10;

    private SequenceReader<byte> _reader = new(message);

    public readonly bool IsAtEnd => _reader.End;

    public bool TryReadTag(out int field, out WireType wireType)
    {
        field = 0;
        wireType = default;
        if (!TryReadVarint(out var tag))
        {
            return false;
        }

        field = (int)((uint)tag >> 3);
        wireType = (WireType)(tag & 7);
        return true;
    }

    public bool TryReadBytes(out ReadOnlySequence<byte> bytes)
    {
        bytes = default;
        return TryReadVarint(out var length)
            && length <= (ulong)_reader.Remaining
            && _reader.TryReadExact((int)length, out bytes);
    }

    public bool TrySkip(WireType wireType) => wireType switch
    {
        WireType.Varint => TryReadVarint(out _),
        WireType.Fixed64 => TryAdvance(sizeof(ulong)),
        WireType.Fixed32 => TryAdvance(sizeof(uint)),
        _ => false,
    };

    private bool TryAdvance(int count)
    {
        if (_reader.Remaining < count)
        {
            return false;
        }

        _reader.Advance(count);
        return true;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < MaxVarintBytes && _reader.TryRead(out var part); i++)
        {
            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
