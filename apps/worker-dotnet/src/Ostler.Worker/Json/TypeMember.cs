using System;

namespace Ostler.Json;

/// <summary>One property or field of a type under its JSON name.</summary>
internal sealed class TypeMember(string name, Type type, Func<object, object?>? get, Action<object, object?>? set)
{
    public string Name { get; } = name;
    public Type Type { get; } = type;
    public bool CanGet => get != null;
    public bool CanSet => set != null;

    public object? Get(object owner) => get!(owner);
    public void Set(object owner, object? value) => set!(owner, value);
}
