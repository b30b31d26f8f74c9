using System;
using System.Collections.Generic;
using Ostler.Json;

namespace Ostler;

/// <summary>A JSON value as it came: null, a boolean, a number, a text, a list, an object, or bytes, which travel beside the JSON.</summary>
public readonly struct JsonValue
{
    internal readonly object? Node;

    internal JsonValue(object? node) => Node = node;

    /// <summary>Whether it is null; also true of what is not there.</summary>
    public bool IsNull => Node is null;

    /// <summary>Whether it has members.</summary>
    public bool IsObject => Node is Dictionary<string, object?>;

    /// <summary>Whether it is bytes.</summary>
    public bool IsBytes => Node is ReadOnlyMemory<byte>;

    /// <summary>The member of an object; null where it is missing.</summary>
    public JsonValue this[string name] => new(Members.TryGetValue(name, out var member) ? member : null);

    /// <summary>An item of a list.</summary>
    public JsonValue this[int index] => new(Items[index]);

    /// <summary>The number of items or members.</summary>
    public int Count => Node is List<object?> items ? items.Count : Members.Count;

    /// <summary>The names of an object's members.</summary>
    public IEnumerable<string> Names => Members.Keys;

    /// <summary>The value as another type, as a handler's parameter would get it. Throws a <see cref="JsonBindException"/>.</summary>
    public T? As<T>() => (T?)JsonBinder.Bind(Node, typeof(T));

    /// <summary>The text. Throws a <see cref="JsonBindException"/> if it is none.</summary>
    public string AsString() => As<string>() ?? throw new JsonBindException("", "a text", null);

    /// <summary>The number.</summary>
    public double AsDouble() => As<double>();

    /// <summary>The number; refused if it has a fraction.</summary>
    public int AsInt32() => As<int>();

    /// <summary>True or false.</summary>
    public bool AsBoolean() => As<bool>();

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> AsBytes() => As<ReadOnlyMemory<byte>>();

    /// <summary>The value as JSON text, with null for bytes.</summary>
    public override string ToString() => JsonText.Of(Node);

    private List<object?> Items => Node as List<object?> ?? throw new JsonBindException("", "a list", Node);

    private Dictionary<string, object?> Members =>
        Node as Dictionary<string, object?> ?? throw new JsonBindException("", "an object", Node);
}
