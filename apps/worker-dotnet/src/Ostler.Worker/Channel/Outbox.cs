using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Ostler.Protocol;

namespace Ostler.Channel;

/// <summary>
/// Everything that goes to the pool: whole frames, one after the other, from any thread. With a ledger the terminal
/// frames gather there and are written many at a time.
/// </summary>
internal sealed unsafe class Outbox(ByteChannel channel, Limits limits)
{
    private const int ScratchSize = 1 << 18, HeadSize = 96;

    private readonly object _gate = new();
    private readonly byte* _head = (byte*)Marshal.AllocHGlobal(HeadSize);
    private byte* _area = (byte*)Marshal.AllocHGlobal(ScratchSize);
    private int _capacity = ScratchSize;
    private int _length;
    private ReplyLedger? _ledger;

    /// <summary>How many replies are held back.</summary>
    public int Held { get; private set; }

    public void UseLedger(ReplyLedger ledger)
    {
        Marshal.FreeHGlobal((IntPtr)_area);
        _ledger = ledger;
        _area = ledger.Area;
        _capacity = ledger.Capacity;
    }

    /// <summary>A task begins: whose fault a death would be.</summary>
    public void Begin(uint id) => _ledger?.Begin(id);

    /// <summary>Sends a terminal frame. When this returns, no death of the worker can lose it.</summary>
    public void Publish(uint word, uint id, ReadOnlySpan<byte> body)
    {
        var size = FrameLayout.SizeOf(0, body.Length);
        if (_ledger == null || size > _capacity || body.Length > limits.MaxFrame)
        {
            Send(word, id, body);
            return;
        }
        lock (_gate)
        {
            if (_length + size > _capacity) Flush();
            Append(word, id, default, body);
            _ledger.Publish(_length);
            Held++;
        }
    }

    /// <summary>Writes a body now, behind all that was held back; in pieces if it is larger than a frame.</summary>
    public void Send(uint word, uint id, ReadOnlySpan<byte> body)
    {
        lock (_gate)
        {
            Flush();
            if (body.Length <= limits.MaxFrame) Put(word, id, default, body);
            else Split(word, id, body);
            WriteArea();
        }
    }

    /// <summary>Writes frames of one kind with as few calls as they need.</summary>
    public void SendAll(uint word, uint id, List<byte[]> bodies)
    {
        lock (_gate)
        {
            Flush();
            foreach (var body in bodies) Put(word, id, default, body);
            WriteArea();
        }
    }

    /// <summary>Writes what is held back.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (Held == 0) return;
            Held = 0;
            WriteArea();
            _ledger!.Clear();
        }
    }

    private void Split(uint word, uint id, ReadOnlySpan<byte> body)
    {
        var size = (int)limits.MaxFrame;
        Put(word | FrameFlag.More << 8, id, Fields.Encode(9, (uint)body.Length), body.Slice(0, size));
        for (var at = size; at < body.Length; at += size)
        {
            var isLast = body.Length - at <= size;
            Put(Frame.WordOf(FrameType.Body, isLast ? 0 : FrameFlag.More), id, default, body.Slice(at, isLast ? body.Length - at : size));
        }
    }

    private void Put(uint word, uint id, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> body)
    {
        var size = FrameLayout.SizeOf(metadata.Length, body.Length);
        if (_length + size > _capacity) WriteArea();
        if (size <= _capacity) Append(word, id, metadata, body);
        else WriteInParts(word, id, metadata, body);
    }

    private void Append(uint word, uint id, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> body)
    {
        var rest = new Span<byte>(_area + _length, _capacity - _length);
        _length += FrameLayout.Write(rest, limits.Key, word, id, metadata, body);
    }

    /// <summary>A frame that is larger than the area: its body is written from where it is.</summary>
    private void WriteInParts(uint word, uint id, ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> body)
    {
        var head = new Span<byte>(_head, HeadSize);
        FrameLayout.WriteHeader(head, limits.Key, word, id, metadata.Length, body.Length);
        metadata.CopyTo(head.Slice(FrameLayout.HeaderSize));
        Write(_head, FrameLayout.HeaderSize + metadata.Length);
        fixed (byte* start = body) Write(start, body.Length);
        Write(_head, FrameLayout.WriteEnd(head, id, metadata.Length + body.Length));
    }

    private void WriteArea()
    {
        var length = _length;
        _length = 0;
        if (length > 0) Write(_area, length);
    }

    private void Write(byte* from, int size)
    {
        try
        {
            channel.Write(from, size);
        }
        catch (PoolGoneException)
        {
            Platform.ExitNow(1); // nobody is left to tell anything, and nothing that user code does matters any more
        }
    }
}
