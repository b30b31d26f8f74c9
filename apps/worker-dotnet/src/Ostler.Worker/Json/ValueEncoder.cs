using System;
using System.Buffers.Binary;
using Ostler.Protocol;

namespace Ostler.Json;

/// <summary>Writes JSON values as bodies. Throws a JsonValueException.</summary>
internal static class ValueEncoder
{
    [ThreadStatic] private static JsonWriter? _writer;

    public static byte[] Encode(object? value, out uint encoding)
    {
        // Taken away while it is in use, as a property of the value may come back here.
        var writer = _writer ?? new JsonWriter();
        _writer = null;
        writer.Clear();
        writer.Write(value);
        encoding = writer.Attachments.Count == 0 ? BodyEncoding.Json : BodyEncoding.Attachments;
        var body = encoding == BodyEncoding.Json ? writer.Json.ToArray() : WithAttachments(writer);
        writer.Clear();
        _writer = writer;
        return body;
    }

    private static byte[] WithAttachments(JsonWriter writer)
    {
        var json = writer.Json;
        var attachments = writer.Attachments;
        var start = 8 + 8 * attachments.Count;
        long paths = 0, contents = 0;
        foreach (var (path, content) in attachments)
        {
            paths += path.Length;
            contents += content.Length;
        }
        var body = new byte[checked((int)(start + json.Length + paths + contents))];
        BinaryPrimitives.WriteInt32LittleEndian(body, json.Length);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), attachments.Count);
        json.CopyTo(body.AsSpan(start));
        var (pathAt, tableAt) = (start + json.Length, 8);
        var contentAt = pathAt + (int)paths;
        foreach (var (path, content) in attachments)
        {
            BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(tableAt), path.Length);
            BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(tableAt + 4), content.Length);
            path.CopyTo(body, pathAt);
            content.Span.CopyTo(body.AsSpan(contentAt));
            (tableAt, pathAt, contentAt) = (tableAt + 8, pathAt + path.Length, contentAt + content.Length);
        }
        return body;
    }
}
