using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.Serialization;

namespace Ostler.Json;

/// <summary>The public properties and fields of a type, as members of a JSON object: `PageCount` is `pageCount`.</summary>
internal sealed class TypeShape
{
    private static readonly ConcurrentDictionary<Type, TypeShape> Known = new();

    public readonly List<TypeMember> Readable = new();
    public readonly Dictionary<string, TypeMember> Writable = new(StringComparer.OrdinalIgnoreCase);

    private TypeShape(Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetIndexParameters().Length > 0 || IsIgnored(property)) continue;
            var member = new TypeMember(NameOf(property), property.PropertyType,
                property.GetMethod?.IsPublic == true ? property.GetValue : null,
                property.SetMethod?.IsPublic == true ? property.SetValue : null);
            Add(member);
        }
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
        {
            if (!IsIgnored(field)) Add(new TypeMember(NameOf(field), field.FieldType, field.GetValue, field.IsInitOnly ? null : field.SetValue));
        }
    }

    public static TypeShape Of(Type type) => Known.GetOrAdd(type, key => new TypeShape(key));

    /// <summary>`PageCount` is `pageCount`, `URL` is `url`, `IPAddress` is `ipAddress`.</summary>
    public static string CamelCase(string name)
    {
        var letters = name.ToCharArray();
        for (var at = 0; at < letters.Length && char.IsUpper(letters[at]); at++)
        {
            if (at > 0 && at + 1 < letters.Length && !char.IsUpper(letters[at + 1])) break;
            letters[at] = char.ToLowerInvariant(letters[at]);
        }
        return new string(letters);
    }

    private void Add(TypeMember member)
    {
        if (member.CanGet) Readable.Add(member);
        if (member.CanSet) Writable[member.Name] = member;
    }

    private static string NameOf(MemberInfo member) =>
        member.GetCustomAttribute<DataMemberAttribute>()?.Name ?? CamelCase(member.Name);

    private static bool IsIgnored(MemberInfo member) => member.IsDefined(typeof(IgnoreDataMemberAttribute), inherit: true);
}
