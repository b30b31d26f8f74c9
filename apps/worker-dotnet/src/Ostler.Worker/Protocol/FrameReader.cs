using System;
using System.Buffers.Binary;

namespace Ostler.Protocol;

/// <summary>Cuts what comes over a channel into frames. On the task channel there is nothing else, so all else is damage.</summary>
internal sealed class FrameReader(IByteSource source, Limits limits)
{
    private const int ReadSize = 1 << 18;

    private byte[] _buffer = new byte[ReadSize];
    private int _start, _end;

    /// <summary>How many bytes the frame at `_start` needs before it can be looked at again.</summary>
    private int _needed = FrameLayout.HeaderSize;

    /// <summary>The next frame of what has been read; false if there is no whole one.</summary>
    public bool TryNext(out Frame frame)
    {
        frame = default;
        var have = _end - _start;
        if (have < _needed) return false;
        var bytes = new ReadOnlySpan<byte>(_buffer, _start, have);
        var word = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(4));
        var id = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(8));
        var metadata = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(12));
        var body = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(16));
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != FrameLayout.Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(20)) != (limits.Key ^ word ^ id ^ metadata ^ body)
            || metadata > Limits.MaxMetadata || body > limits.MaxFrame)
        {
            throw new DamageException($"expected a frame, got the bytes {Hex(bytes)}");
        }
        var size = FrameLayout.SizeOf(metadata, body);
        if (size > int.MaxValue) throw new DamageException($"a frame of {size} bytes");
        if (have < size)
        {
            _needed = (int)size;
            return false;
        }
        var payload = (int)(metadata + body);
        var trailer = bytes.Slice((int)size - FrameLayout.TrailerSize);
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) != id
            || BinaryPrimitives.ReadInt32LittleEndian(trailer.Slice(4)) != payload)
        {
            throw new DamageException($"the frame of task {id} was altered on its way");
        }
        var at = _start + FrameLayout.HeaderSize;
        frame = new Frame(word, id, new(_buffer, at, (int)metadata), new(_buffer, at + (int)metadata, (int)body));
        _start += (int)size;
        _needed = FrameLayout.HeaderSize;
        return true;
    }

    /// <summary>Waits for more bytes; false at the end of the channel. Frames that were given out are overwritten.</summary>
    public bool Fill()
    {
        MakeRoom();
        var count = source.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        if (count == 0 && _end > _start) throw new DamageException("the channel ends in the middle of a frame");
        return count > 0;
    }

    private void MakeRoom()
    {
        var have = _end - _start;
        if (_needed > _buffer.Length) Move(new byte[Math.Max(_needed, ReadSize)]);
        else if (have == 0 && _buffer.Length > ReadSize && _needed <= ReadSize) Move(new byte[ReadSize]);
        else if (have == 0) _start = _end = 0;
        else if (_start + Math.Max(_needed, have + 1) > _buffer.Length) Move(_buffer);
    }

    private void Move(byte[] target)
    {
        Buffer.BlockCopy(_buffer, _start, target, 0, _end - _start);
        (_buffer, _start, _end) = (target, 0, _end - _start);
    }

    private static string Hex(ReadOnlySpan<byte> bytes) =>
        BitConverter.ToString(bytes.Slice(0, Math.Min(32, bytes.Length)).ToArray()).Replace("-", "");
}
