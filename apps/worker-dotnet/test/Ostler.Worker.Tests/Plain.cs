using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Ostler.Tests;

/// <summary>A value that was read, as one line of text by a writer that has nothing to do with the one under test.</summary>
internal static class Plain
{
    public static string Of(object? value, string path = "", IReadOnlyDictionary<string, byte[]>? attachments = null)
    {
        if (value is null && attachments != null && attachments.TryGetValue(path, out var there)) value = new ReadOnlyMemory<byte>(there);
        return value switch
        {
            null => "null",
            double number => (number == 0 ? 0 : number).ToString("R", CultureInfo.InvariantCulture),
            bool truth => truth ? "true" : "false",
            string text => Quote(text),
            ReadOnlyMemory<byte> bytes => $"<{BitConverter.ToString(bytes.ToArray())}>",
            List<object?> items => $"[{string.Join(",", items.Select((item, index) => Of(item, $"{path}/{index}", attachments)))}]",
            Dictionary<string, object?> members => $"{{{string.Join(",", members.Select(member => $"{Quote(member.Key)}:{Of(member.Value, $"{path}/{Escape(member.Key)}", attachments)}"))}}}",
            _ => throw new ArgumentException($"a reader does not give a {value.GetType()}"),
        };
    }

    private static string Quote(string text) => $"'{string.Concat(text.Select(letter => letter is > ' ' and < '\x7F' ? letter.ToString() : $"\\{(int)letter:X4}"))}'";

    private static string Escape(string key) => key.Replace("~", "~0").Replace("/", "~1");
}
