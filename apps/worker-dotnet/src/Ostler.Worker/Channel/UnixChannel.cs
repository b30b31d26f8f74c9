using System.Runtime.InteropServices;

namespace Ostler.Channel;

/// <summary>A channel on two descriptors. Not a FileStream, because Mono opens none on a descriptor that it did not make.</summary>
internal sealed unsafe class UnixChannel(int reads, int writes) : ByteChannel
{
    public override int Read(byte* into, int size)
    {
        while (true)
        {
            var count = Libc.read(reads, into, size);
            if (count >= 0) return (int)count;
            if (Marshal.GetLastWin32Error() != Libc.Eintr) return 0; // reset: the pool is gone
        }
    }

    public override void Write(byte* from, int size)
    {
        while (size > 0)
        {
            var count = (int)Libc.write(writes, from, size);
            if (count < 0)
            {
                var error = Marshal.GetLastWin32Error();
                if (error == Libc.Eintr) continue;
                throw new PoolGoneException(error);
            }
            from += count;
            size -= count;
        }
    }
}
