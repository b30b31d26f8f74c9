using Ostler.Protocol;

namespace Ostler.Channel;

/// <summary>The two byte streams between a worker and its pool, below everything that user code can reach.</summary>
internal abstract unsafe class ByteChannel : IByteSource
{
    /// <summary>Waits for at least one byte; 0 at the end, also where the pool is gone.</summary>
    public abstract int Read(byte* into, int size);

    /// <summary>Writes all of it. Throws a PoolGoneException.</summary>
    public abstract void Write(byte* from, int size);

    public int Read(byte[] into, int offset, int count)
    {
        fixed (byte* start = &into[offset]) return Read(start, count);
    }
}
