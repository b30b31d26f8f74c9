using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Reflection;

namespace Ostler.Json;

/// <summary>Makes a value of a wanted type out of what <see cref="JsonReader"/> gave. Throws a JsonBindException.</summary>
internal static class JsonBinder
{
    public static object? Bind(object? node, Type type) => Bind(node, type, "");

    private static object? Bind(object? node, Type type, string path)
    {
        if (type == typeof(JsonValue)) return new JsonValue(node);
        if (type == typeof(object) || type.IsInstanceOfType(node)) return node;
        var inner = Nullable.GetUnderlyingType(type);
        if (node is null)
        {
            return inner != null || !type.IsValueType ? null : throw new JsonBindException(path, Name(type), null);
        }
        type = inner ?? type;
        return node switch
        {
            double number => Number(number, type, path),
            string text => Text(text, type, path),
            ReadOnlyMemory<byte> bytes => Bytes(bytes, type, path),
            List<object?> items => List(items, type, path),
            Dictionary<string, object?> members => Object(members, type, path),
            _ => throw new JsonBindException(path, Name(type), node),
        };
    }

    private static object Number(double number, Type type, string path)
    {
        if (type == typeof(double)) return number;
        if (type == typeof(float)) return (float)number;
        if (!type.IsEnum && Type.GetTypeCode(type) is < TypeCode.SByte or > TypeCode.Decimal) throw new JsonBindException(path, Name(type), number);
        try
        {
            var target = type.IsEnum ? Enum.GetUnderlyingType(type) : type;
            var isWhole = Math.Floor(number) == number;
            if (!isWhole && target != typeof(decimal)) throw new JsonBindException(path, Name(type), number);
            var converted = Convert.ChangeType(number, target, CultureInfo.InvariantCulture);
            return type.IsEnum ? Enum.ToObject(type, converted) : converted;
        }
        catch (OverflowException)
        {
            throw new JsonBindException(path, Name(type), number);
        }
    }

    private static object Text(string text, Type type, string path)
    {
        try
        {
            if (type.IsEnum) return Enum.Parse(type, text, ignoreCase: true);
            if (type == typeof(Guid)) return Guid.Parse(text);
            if (type == typeof(DateTime)) return DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
            if (type == typeof(DateTimeOffset)) return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
            if (type == typeof(TimeSpan)) return TimeSpan.Parse(text, CultureInfo.InvariantCulture);
            if (type == typeof(Uri)) return new Uri(text, UriKind.RelativeOrAbsolute);
            if (type == typeof(Version)) return Version.Parse(text);
            if (type == typeof(char)) return char.Parse(text);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or OverflowException)
        {
            throw new JsonBindException(path, Name(type), text);
        }
        throw new JsonBindException(path, Name(type), text);
    }

    private static object Bytes(ReadOnlyMemory<byte> bytes, Type type, string path)
    {
        if (type == typeof(byte[])) return ByteArray.Of(bytes);
        if (type == typeof(ArraySegment<byte>)) return new ArraySegment<byte>(ByteArray.Of(bytes));
        throw new JsonBindException(path, Name(type), bytes);
    }

    private static object List(List<object?> items, Type type, string path)
    {
        var itemType = type.IsArray ? type.GetElementType()! : ItemTypeOf(type);
        if (itemType == null) throw new JsonBindException(path, Name(type), items);
        var array = Array.CreateInstance(itemType, items.Count);
        for (var index = 0; index < items.Count; index++) array.SetValue(Bind(items[index], itemType, $"{path}/{index}"), index);
        if (type.IsInstanceOfType(array)) return array;
        try
        {
            return Activator.CreateInstance(type, array)!; // List<T>, HashSet<T>, Queue<T>, … take an IEnumerable<T>
        }
        catch (MissingMethodException)
        {
            throw new JsonBindException(path, Name(type), items);
        }
    }

    private static Type? ItemTypeOf(Type type)
    {
        if (type == typeof(IEnumerable) || type == typeof(IList) || type == typeof(ICollection)) return typeof(object);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)) return type.GetGenericArguments()[0];
        foreach (var contract in type.GetInterfaces())
        {
            if (contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IEnumerable<>)) return contract.GetGenericArguments()[0];
        }
        return null;
    }

    private static object Object(Dictionary<string, object?> members, Type type, string path)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsArray || type == typeof(string) || type == typeof(decimal)) throw new JsonBindException(path, Name(type), members);
        if (DictionaryValueOf(type) is { } valueType) return Dictionary(members, type, valueType, path);
        if (type.IsInterface || type.IsAbstract) throw new JsonBindException(path, Name(type), members);
        var owner = Construct(members, type, path);
        var shape = TypeShape.Of(type);
        foreach (var member in members)
        {
            if (shape.Writable.TryGetValue(member.Key, out var target)) target.Set(owner, Bind(member.Value, target.Type, $"{path}/{member.Key}"));
        }
        return owner;
    }

    private static Type? DictionaryValueOf(Type type)
    {
        var arguments = type.IsGenericType ? type.GetGenericArguments() : Type.EmptyTypes;
        if (arguments.Length != 2 || arguments[0] != typeof(string)) return null;
        return type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(arguments)) ? arguments[1] : null;
    }

    private static object Dictionary(Dictionary<string, object?> members, Type type, Type valueType, string path)
    {
        var bound = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), valueType))!;
        foreach (var member in members) bound[member.Key] = Bind(member.Value, valueType, $"{path}/{member.Key}");
        return bound;
    }

    /// <summary>By the constructor without parameters, or else by the one with the most, as records have: parameters get the members of their names.</summary>
    private static object Construct(Dictionary<string, object?> members, Type type, string path)
    {
        if (type.IsValueType || type.GetConstructor(Type.EmptyTypes) != null) return Activator.CreateInstance(type)!;
        ConstructorInfo? widest = null;
        foreach (var constructor in type.GetConstructors())
        {
            if (widest == null || constructor.GetParameters().Length > widest.GetParameters().Length) widest = constructor;
        }
        if (widest == null) throw new JsonBindException(path, $"{Name(type)}, which has no public constructor,", members);
        var byName = new Dictionary<string, object?>(members.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var member in members) byName[member.Key] = member.Value;
        var parameters = widest.GetParameters();
        var arguments = new object?[parameters.Length];
        for (var index = 0; index < parameters.Length; index++)
        {
            var parameter = parameters[index];
            var isGiven = byName.TryGetValue(parameter.Name!, out var node);
            arguments[index] = !isGiven && parameter.HasDefaultValue
                ? parameter.DefaultValue
                : Bind(node, parameter.ParameterType, $"{path}/{TypeShape.CamelCase(parameter.Name!)}");
        }
        return widest.Invoke(arguments);
    }

    private static string Name(Type type) => type == typeof(byte[]) ? "bytes" : type.Name;
}
