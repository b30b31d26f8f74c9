using System;
using Ostler.Json;
using Ostler.Protocol;

namespace Ostler.Tasks;

/// <summary>What a handler gave back as the body of a reply: the request's encoding decides.</summary>
internal sealed class ReplyEncoder(Limits limits)
{
    public ReadOnlyMemory<byte> Encode(TaskContext task, object? value, out uint encoding)
    {
        ReadOnlyMemory<byte> body;
        if (task.Encoding == BodyEncoding.Bytes) (body, encoding) = (BytesOf(task, value), BodyEncoding.Bytes);
        else body = ValueEncoder.Encode(value, out encoding);
        if (body.Length > limits.MaxBody)
        {
            throw new BodyTooLargeException($"the reply of handler '{task.Handler}'", body.Length, limits.MaxBody);
        }
        return body;
    }

    private static ReadOnlyMemory<byte> BytesOf(TaskContext task, object? value) => value switch
    {
        null => default,
        byte[] bytes => bytes,
        string text => Utf8.Lenient.GetBytes(text),
        ReadOnlyMemory<byte> bytes => bytes,
        Memory<byte> bytes => bytes,
        ArraySegment<byte> bytes => bytes,
        JsonValue json => BytesOf(task, json.Node),
        _ => throw new ReplyKindException(
            $"handler '{task.Handler}' gave a {value.GetType().Name}, but its caller sent bytes and gets bytes: give byte[], string or null, or call it by call(), which takes JSON values"),
    };
}
