using System.Collections.Generic;
using System.Globalization;

namespace Ostler.Extensions;

/// <summary>The pool's initData as configuration: { "shop": { "urls": ["a"] } } is `shop:urls:0`. What the worker is told of itself is below `Ostler`.</summary>
internal static class InitDataKeys
{
    public static Dictionary<string, string?> Of(JsonValue initData, WorkerInfo info)
    {
        var keys = new Dictionary<string, string?>
        {
            ["Ostler:Pool"] = info.Pool,
            ["Ostler:Slot"] = info.Slot.ToString(CultureInfo.InvariantCulture),
            ["Ostler:WorkerId"] = info.WorkerId.ToString(CultureInfo.InvariantCulture),
        };
        if (initData.As<object>() is Dictionary<string, object?> members) AddMembers(keys, "", members);
        return keys;
    }

    private static void AddMembers(Dictionary<string, string?> keys, string prefix, Dictionary<string, object?> members)
    {
        foreach (var member in members) Add(keys, prefix + member.Key, member.Value);
    }

    private static void Add(Dictionary<string, string?> keys, string key, object? value)
    {
        switch (value)
        {
            case Dictionary<string, object?> members:
                AddMembers(keys, key + ":", members);
                break;
            case List<object?> items:
                for (var index = 0; index < items.Count; index++) Add(keys, $"{key}:{index.ToString(CultureInfo.InvariantCulture)}", items[index]);
                break;
            default:
                keys[key] = System.Convert.ToString(value, CultureInfo.InvariantCulture);
                break;
        }
    }
}
