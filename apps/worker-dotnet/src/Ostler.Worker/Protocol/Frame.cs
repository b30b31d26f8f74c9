using System;

namespace Ostler.Protocol;

/// <summary>One frame as it came. Its parts are views of the reader's memory, which hold until the next read.</summary>
internal readonly struct Frame(uint word, uint id, ArraySegment<byte> metadata, ArraySegment<byte> body)
{
    /// <summary>The header's second word: type, flags and encoding.</summary>
    public readonly uint Word = word;
    public readonly uint Id = id;
    public readonly ArraySegment<byte> Metadata = metadata;
    public readonly ArraySegment<byte> Body = body;

    public uint Type => Word & 0xFF;
    public uint Flags => Word >> 8 & 0xFF;
    public uint Encoding => Word >> 16 & 0xFF;

    public static uint WordOf(uint type, uint flags = 0, uint encoding = 0) => type | flags << 8 | encoding << 16;
}
