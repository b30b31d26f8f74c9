using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Ostler.Protocol;

namespace Ostler.Json;

/// <summary>Reads the body of a JSON value; attachments are views of that body. Throws a FormatException.</summary>
internal static class ValueDecoder
{
    public static object? Decode(uint encoding, byte[] body)
    {
        return encoding switch
        {
            BodyEncoding.Json => ReadJson(body),
            BodyEncoding.Attachments => WithAttachments(body),
            _ => throw new FormatException($"encoding {encoding} of a body is unknown to this worker"),
        };
    }

    private static object? ReadJson(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonReader.Read(Utf8.Decode(utf8));
        }
        catch (ArgumentException)
        {
            throw new FormatException("not JSON: it is not UTF-8");
        }
    }

    private static object? WithAttachments(byte[] body)
    {
        if (body.Length < 8) throw Malformed();
        var jsonLength = Number(body, 0);
        var count = Number(body, 4);
        var start = 8 + 8L * count;
        if (start > body.Length) throw Malformed();
        long paths = 0, contents = 0;
        for (var index = 0; index < count; index++)
        {
            paths += Number(body, 8 + 8 * index);
            contents += Number(body, 12 + 8 * index);
        }
        if (start + jsonLength + paths + contents != body.Length) throw Malformed();
        var root = new Dictionary<string, object?> { [""] = ReadJson(body.AsSpan((int)start, (int)jsonLength)) };
        var pathAt = (int)(start + jsonLength);
        var contentAt = pathAt + (int)paths;
        for (var index = 0; index < count; index++)
        {
            var (path, content) = ((int)Number(body, 8 + 8 * index), (int)Number(body, 12 + 8 * index));
            Attach(root, body.AsSpan(pathAt, path), new ReadOnlyMemory<byte>(body, contentAt, content));
            pathAt += path;
            contentAt += content;
        }
        return root[""];
    }

    /// <summary>Puts bytes in the place of the null that a JSON Pointer names.</summary>
    private static void Attach(Dictionary<string, object?> root, ReadOnlySpan<byte> utf8, ReadOnlyMemory<byte> content)
    {
        var path = PathOf(utf8);
        object? parent = root;
        var key = "";
        var tokens = path.Split('/');
        if (tokens[0].Length > 0) throw NoPlace(path);
        for (var index = 1; index < tokens.Length; index++)
        {
            if (!TryGet(parent, key, out parent)) throw NoPlace(path);
            key = Unescape(tokens[index]) ?? throw NoPlace(path);
        }
        if (!TryGet(parent, key, out var there) || there != null) throw NoPlace(path);
        if (parent is List<object?> items) items[int.Parse(key)] = content;
        else ((Dictionary<string, object?>)parent!)[key] = content;
    }

    private static bool TryGet(object? parent, string key, out object? value)
    {
        value = null;
        if (parent is Dictionary<string, object?> members) return members.TryGetValue(key, out value);
        if (parent is not List<object?> items || !IsIndex(key) || int.Parse(key) is var index && index >= items.Count) return false;
        value = items[int.Parse(key)];
        return true;
    }

    private static bool IsIndex(string key)
    {
        if (key.Length is 0 or > 9 || key[0] == '0' && key.Length > 1) return false;
        foreach (var letter in key)
        {
            if (letter is < '0' or > '9') return false;
        }
        return true;
    }

    /// <summary>Null if a ~ is neither ~0 nor ~1.</summary>
    private static string? Unescape(string token)
    {
        for (var at = token.IndexOf('~'); at >= 0; at = token.IndexOf('~', at + 1))
        {
            if (at + 1 == token.Length || token[at + 1] is not ('0' or '1')) return null;
        }
        return token.Replace("~1", "/").Replace("~0", "~");
    }

    private static string PathOf(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Utf8.Decode(utf8);
        }
        catch (ArgumentException)
        {
            throw new FormatException("the path of an attachment is not UTF-8");
        }
    }

    private static uint Number(byte[] body, int at) => BinaryPrimitives.ReadUInt32LittleEndian(body.AsSpan(at));

    private static FormatException Malformed() => new("the parts of a body with attachments do not add up to its length");

    private static FormatException NoPlace(string path) => new($"there is no null for the attachment \"{path}\"");
}
