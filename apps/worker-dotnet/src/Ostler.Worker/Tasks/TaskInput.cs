using System;
using System.Collections.Generic;
using Ostler.Json;
using Ostler.Protocol;

namespace Ostler.Tasks;

/// <summary>The input of a task as the type that a handler's parameter has.</summary>
internal static class TaskInput
{
    public static object? As(TaskContext task, Type type)
    {
        var body = task.TakeBody();
        if (task.Encoding != BodyEncoding.Bytes) return JsonBinder.Bind(ValueDecoder.Decode(task.Encoding, body), type);
        if (type == typeof(byte[])) return body;
        if (type == typeof(string)) return Utf8.Decode(body);
        var bytes = new ReadOnlyMemory<byte>(body);
        if (TakesBytes(type)) return JsonBinder.Bind(bytes, type);
        return JsonBinder.Bind(ValueDecoder.Decode(BodyEncoding.Json, body), type); // bytes that are JSON
    }

    private static bool TakesBytes(Type type) =>
        type == typeof(object) || type == typeof(JsonValue) || type == typeof(ReadOnlyMemory<byte>) || type == typeof(ArraySegment<byte>);
}
