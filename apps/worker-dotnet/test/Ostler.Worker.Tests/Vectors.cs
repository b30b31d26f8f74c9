using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ostler.Tests;

/// <summary>The golden vectors of the protocol, as packages/protocol/vectors/README.md explains them.</summary>
internal static class Vectors
{
    private static readonly string Folder = Path.GetFullPath(Path.Combine(Here(), "../../../../packages/protocol/vectors"));
    private static readonly JsonElement[] All = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "index.json"))).RootElement.GetProperty("vectors").EnumerateArray().ToArray();

    public static IEnumerable<string> Names(Func<JsonElement, bool> choose) => All.Where(choose).Select(NameOf);

    public static JsonElement Get(string name) => All.Single(vector => NameOf(vector) == name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, Get(name).GetProperty("file").GetString()!));

    public static List<JsonElement> Events(string name) => Get(name).GetProperty("events").EnumerateArray().ToList();

    public static bool IsFrame(JsonElement happened) => happened.GetProperty("event").GetString() == "frame";

    public static bool IsLedger(JsonElement vector) => vector.GetProperty("from").GetString() == "ledger";

    public static bool IsWellFormed(JsonElement vector) => vector.GetProperty("wellFormed").GetBoolean();

    /// <summary>The key of a frame, which may change on the way.</summary>
    public static uint KeyOf(string name, int index)
    {
        var vector = Get(name);
        return vector.TryGetProperty("keys", out var keys) ? keys[Math.Min(index, keys.GetArrayLength() - 1)].GetUInt32() : Number(vector, "key");
    }

    public static uint Number(JsonElement owner, string member) => owner.GetProperty(member).GetUInt32();

    public static byte[] Hex(JsonElement owner, string member)
    {
        var text = owner.GetProperty(member).GetString()!;
        return Enumerable.Range(0, text.Length / 2).Select(at => Convert.ToByte(text.Substring(2 * at, 2), 16)).ToArray();
    }

    private static string NameOf(JsonElement vector) => vector.GetProperty("name").GetString()!;

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
