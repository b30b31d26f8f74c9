using System;
using System.Runtime.InteropServices;

namespace Ostler.Channel;

/// <summary>A channel on two pipe handles.</summary>
internal sealed unsafe class WindowsChannel(IntPtr reads, IntPtr writes) : ByteChannel
{
    public override int Read(byte* into, int size) =>
        Kernel32.ReadFile(reads, into, size, out var count, null) ? count : 0; // broken: the pool is gone

    public override void Write(byte* from, int size)
    {
        while (size > 0)
        {
            if (!Kernel32.WriteFile(writes, from, size, out var count, null)) throw new PoolGoneException(Marshal.GetLastWin32Error());
            from += count;
            size -= count;
        }
    }
}
