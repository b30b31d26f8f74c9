using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Ostler.Protocol;

/// <summary>The metadata of a frame: values by their tags.</summary>
internal sealed class Fields
{
    private readonly Dictionary<byte, byte[]> _values = new();

    public Fields(ReadOnlySpan<byte> metadata)
    {
        while (metadata.Length > 0)
        {
            var length = metadata.Length < 4 ? int.MaxValue : BinaryPrimitives.ReadUInt16LittleEndian(metadata.Slice(2));
            if (length > metadata.Length - 4) throw new DamageException("metadata ends in the middle of a field");
            var tag = metadata[0];
            if (_values.ContainsKey(tag)) throw new DamageException($"field {tag} occurs twice");
            _values[tag] = metadata.Slice(4, length).ToArray();
            metadata = metadata.Slice(4 + length);
        }
    }

    public uint? Number(byte tag)
    {
        if (!_values.TryGetValue(tag, out var value)) return null;
        if (value.Length != 4) throw new DamageException($"field {tag} has {value.Length} bytes, expected 4");
        return BinaryPrimitives.ReadUInt32LittleEndian(value);
    }

    /// <summary>A number without which the frame means nothing.</summary>
    public uint RequiredNumber(byte tag) => Number(tag) ?? throw new DamageException($"field {tag} is missing");

    public string? Text(byte tag)
    {
        if (!_values.TryGetValue(tag, out var value)) return null;
        try
        {
            return Utf8.Decode(value);
        }
        catch (ArgumentException)
        {
            throw new DamageException($"field {tag} is not UTF-8");
        }
    }

    /// <summary>One field, ready to be put into metadata.</summary>
    public static byte[] Encode(byte tag, ReadOnlySpan<byte> value)
    {
        var field = new byte[4 + value.Length];
        field[0] = tag;
        BinaryPrimitives.WriteUInt16LittleEndian(field.AsSpan(2), (ushort)value.Length);
        value.CopyTo(field.AsSpan(4));
        return field;
    }

    public static byte[] Encode(byte tag, uint number)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(value, number);
        return Encode(tag, value);
    }
}
