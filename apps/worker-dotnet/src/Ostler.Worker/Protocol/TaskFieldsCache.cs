using System;

namespace Ostler.Protocol;

/// <summary>Metadata that were decoded lately, by their bytes: most tasks of a pool have the same.</summary>
internal sealed class TaskFieldsCache
{
    private const int Size = 16;

    private readonly (byte[] Bytes, TaskFields Fields)[] _known = new (byte[], TaskFields)[Size];
    private int _count, _latest;

    public TaskFields Decode(ReadOnlySpan<byte> metadata)
    {
        if (_count > 0 && metadata.SequenceEqual(_known[_latest].Bytes)) return _known[_latest].Fields;
        for (var index = 0; index < Math.Min(_count, Size); index++)
        {
            if (!metadata.SequenceEqual(_known[index].Bytes)) continue;
            _latest = index;
            return _known[index].Fields;
        }
        var fields = new TaskFields(metadata);
        _latest = _count++ & Size - 1;
        if (_count == int.MaxValue) _count = Size;
        _known[_latest] = (metadata.ToArray(), fields);
        return fields;
    }
}
