using System;
using System.Collections.Generic;
using Ostler.Json;

namespace Ostler.Tasks;

/// <summary>The JSON of an error or a log line, which has to fit into one frame.</summary>
internal static class Record
{
    private static readonly string[] ShortMembers = ["name", "level", "source"];

    /// <summary>What does not fit is left out: first all but the short members, then the end of the message.</summary>
    public static byte[] Encode(Dictionary<string, object?> record, uint limit)
    {
        var body = ValueEncoder.Encode(record, out _);
        if (body.Length <= limit) return body;
        var cut = new Dictionary<string, object?>();
        foreach (var key in ShortMembers)
        {
            if (record.TryGetValue(key, out var value) && value is string text) cut[key] = Start(text, 64);
        }
        // A character has six bytes at most, in JSON.
        cut["message"] = Start((string)record["message"]!, (int)Math.Max(0, (Math.Min(limit, 1 << 20) - 512) / 6));
        return ValueEncoder.Encode(cut, out _);
    }

    private static string Start(string text, int length) => text.Length <= length ? text : text.Substring(0, length);
}
