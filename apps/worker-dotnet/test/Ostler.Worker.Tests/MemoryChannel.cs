using System;
using System.IO;
using Ostler.Channel;

namespace Ostler.Tests;

/// <summary>A channel that gives what it was given, so many bytes a read, and keeps what is written to it.</summary>
internal sealed unsafe class MemoryChannel(byte[] incoming, int chunk = int.MaxValue, int capacity = 0) : ByteChannel
{
    private readonly MemoryStream _written = new(capacity);
    private int _at;

    public byte[] Written => _written.ToArray();
    public int Writes { get; private set; }

    public override int Read(byte* into, int size)
    {
        var count = Math.Min(Math.Min(size, chunk), incoming.Length - _at);
        new ReadOnlySpan<byte>(incoming, _at, count).CopyTo(new Span<byte>(into, size));
        _at += count;
        return count;
    }

    public override void Write(byte* from, int size)
    {
        Writes++;
        var at = (int)_written.Length;
        _written.SetLength(at + size);
        new ReadOnlySpan<byte>(from, size).CopyTo(_written.GetBuffer().AsSpan(at)); // leaves no garbage, as tests count it
    }
}
