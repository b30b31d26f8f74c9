using System;
using System.Buffers.Binary;

namespace Ostler.Channel;

/// <summary>
/// How C runtimes hand descriptors to a child on Windows (STARTUPINFO.lpReserved2): their number, a byte of flags for each, a
/// handle for each, in the size of a pointer and not aligned.
/// </summary>
internal static class DescriptorBlock
{
    private const byte IsOpen = 1;

    /// <summary>The handle of a descriptor; null where there is none with that number, or the block is something else.</summary>
    public static long? Find(ReadOnlySpan<byte> block, int descriptor, int pointerSize)
    {
        if (block.Length < sizeof(int)) return null;
        var count = BinaryPrimitives.ReadInt32LittleEndian(block);
        var rest = block.Slice(sizeof(int));
        if (count > rest.Length / (1 + pointerSize) || descriptor < 0 || descriptor >= count) return null;
        if ((rest[descriptor] & IsOpen) == 0) return null;
        var handle = rest.Slice(count + descriptor * pointerSize, pointerSize);
        return pointerSize == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(handle) : BinaryPrimitives.ReadInt64LittleEndian(handle);
    }
}
