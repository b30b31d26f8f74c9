using System;

namespace Ostler.Protocol;

/// <summary>Joins the pieces of a split body. Only one can be on its way at a time.</summary>
internal sealed class BodyAssembler
{
    private byte[]? _body;
    private int _filled;
    private uint _word, _id;
    private byte[] _metadata = [];

    /// <summary>The largest body that is put together, in bytes.</summary>
    public uint MaxBody = Limits.HandshakeMaxFrame;

    /// <summary>Whether this task's body is still coming.</summary>
    public bool IsArriving(uint id) => _body != null && _id == id;

    /// <summary>True with the whole frame, once its last piece is here. A body that was joined has an array of its own.</summary>
    public bool TryJoin(in Frame frame, out Frame whole)
    {
        whole = frame;
        var hasMore = (frame.Flags & FrameFlag.More) != 0;
        if (frame.Type == FrameType.Body) return TryContinue(frame, hasMore, out whole);
        if (_body != null && (hasMore || frame.Type == FrameType.Task || IsReply(frame.Type)))
        {
            throw new DamageException($"frame {frame.Type} of task {frame.Id} stands between the pieces of task {_id}");
        }
        if (!hasMore) return true;
        Begin(frame);
        return false;
    }

    private void Begin(in Frame frame)
    {
        var total = new Fields(frame.Metadata).RequiredNumber(9);
        if (total > MaxBody || total > int.MaxValue)
        {
            throw new DamageException($"task {frame.Id} announces a body of {total} bytes, the limit is {MaxBody}");
        }
        (_word, _id, _filled) = (frame.Word & ~(FrameFlag.More << 8), frame.Id, 0);
        _metadata = frame.Metadata.AsSpan().ToArray();
        _body = new byte[total];
        Add(frame, isLast: false);
    }

    private bool TryContinue(in Frame piece, bool hasMore, out Frame whole)
    {
        whole = default;
        if (!IsArriving(piece.Id)) throw new DamageException($"a piece of a body that was not announced, of task {piece.Id}");
        Add(piece, isLast: !hasMore);
        if (hasMore) return false;
        whole = new Frame(_word, _id, new(_metadata), new(_body!));
        _body = null;
        return true;
    }

    private void Add(in Frame piece, bool isLast)
    {
        var missing = _body!.Length - _filled - piece.Body.Count;
        if (missing < 0 || missing == 0 != isLast || piece.Body.Count == 0)
        {
            throw new DamageException($"the pieces of the body of task {_id} do not add up");
        }
        piece.Body.AsSpan().CopyTo(_body.AsSpan(_filled));
        _filled += piece.Body.Count;
    }

    private static bool IsReply(uint type) => type is FrameType.Result or FrameType.Failure or FrameType.Chunk or FrameType.End;
}
