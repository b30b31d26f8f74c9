using System;
using System.Runtime.InteropServices;

namespace Ostler.Json;

/// <summary>Memory as an array, copied only where it is a part of a larger one.</summary>
internal static class ByteArray
{
    public static byte[] Of(ReadOnlyMemory<byte> memory)
    {
        var isWhole = MemoryMarshal.TryGetArray(memory, out var segment) && segment.Offset == 0 && segment.Array!.Length == memory.Length;
        return isWhole ? segment.Array! : memory.ToArray();
    }
}
