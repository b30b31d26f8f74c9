using System;
using System.Buffers.Binary;

namespace Ostler.Protocol;

/// <summary>Where the numbers of a frame are, and how they are written.</summary>
internal static class FrameLayout
{
    public const uint Magic = 0x54534FF8;
    public const int HeaderSize = 24, TrailerSize = 8;

    /// <summary>The bytes of a whole frame; more than an int holds where a body is near that limit.</summary>
    public static long SizeOf(long metadata, long body) => HeaderSize + (metadata + body + 7 & ~7L) + TrailerSize;

    public static void WriteHeader(Span<byte> into, uint key, uint word, uint id, int metadata, int body)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(into.Slice(4), word);
        BinaryPrimitives.WriteUInt32LittleEndian(into.Slice(8), id);
        BinaryPrimitives.WriteInt32LittleEndian(into.Slice(12), metadata);
        BinaryPrimitives.WriteInt32LittleEndian(into.Slice(16), body);
        BinaryPrimitives.WriteUInt32LittleEndian(into.Slice(20), key ^ word ^ id ^ (uint)metadata ^ (uint)body);
    }

    /// <summary>Zeros up to a multiple of 8 bytes, and the trailer; gives how many bytes that is.</summary>
    public static int WriteEnd(Span<byte> into, uint id, int payload)
    {
        var padding = -payload & 7;
        into.Slice(0, padding).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(into.Slice(padding), id);
        BinaryPrimitives.WriteInt32LittleEndian(into.Slice(padding + 4), payload);
        return padding + TrailerSize;
    }

    /// <summary>Writes a whole frame, and gives how many bytes it has.</summary>
    public static int Write(
        Span<byte> into, uint key, uint word, uint id, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> body)
    {
        WriteHeader(into, key, word, id, metadata.Length, body.Length);
        metadata.CopyTo(into.Slice(HeaderSize));
        var end = HeaderSize + metadata.Length;
        body.CopyTo(into.Slice(end));
        end += body.Length;
        return end + WriteEnd(into.Slice(end), id, metadata.Length + body.Length);
    }
}
