using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Ostler.Json;
using Ostler.Protocol;
using Xunit;

namespace Ostler.Tests;

/// <summary>The worker's reader, against the bytes that every SDK must read.</summary>
public class VectorReadingTests
{
    private static readonly int[] Chunks = [1, 7, int.MaxValue];

    public static IEnumerable<object[]> Channels() =>
        from name in Vectors.Names(vector => !Vectors.IsLedger(vector)) from chunk in Chunks select new object[] { name, chunk };

    [Theory, MemberData(nameof(Channels))]
    public void A_vector_gives_its_frames_however_it_is_cut(string name, int chunk)
    {
        var limits = new Limits { MaxFrame = Vectors.Number(Vectors.Get(name), "maxFrame") };
        var reader = new FrameReader(new MemoryChannel(Vectors.Bytes(name), chunk), limits);
        var events = Vectors.Events(name);
        var index = 0;
        foreach (var expected in events.TakeWhile(Vectors.IsFrame))
        {
            limits.Key = Vectors.KeyOf(name, index++);
            Assert.True(TryRead(reader, out var frame));
            Check(expected, frame);
        }
        // Nothing but frames may stand on the task channel, so the reader stops at what else a vector has.
        if (index == events.Count) Assert.False(TryRead(reader, out _));
        else Assert.Throws<DamageException>(() => TryRead(reader, out _));
    }

    public static IEnumerable<object[]> Split() =>
        Vectors.Names(vector => vector.TryGetProperty("assembled", out _)).Select(name => new object[] { name });

    [Theory, MemberData(nameof(Split))]
    public void The_pieces_of_a_body_are_joined_or_refused(string name)
    {
        var assembled = Vectors.Get(name).GetProperty("assembled");
        if (assembled.ValueKind == JsonValueKind.String)
        {
            Assert.Throws<DamageException>(() => Join(name));
            return;
        }
        var whole = Join(name);
        Assert.Equal(assembled.GetArrayLength(), whole.Count);
        foreach (var (expected, (word, id, body)) in assembled.EnumerateArray().Zip(whole, (expected, got) => (expected, got)))
        {
            Assert.Equal((Vectors.Number(expected, "type"), Vectors.Number(expected, "flags"), Vectors.Number(expected, "encoding"), Vectors.Number(expected, "id")),
                (word & 0xFF, word >> 8 & 0xFF, word >> 16 & 0xFF, id));
            Assert.Equal(Vectors.Hex(expected, "body"), body);
        }
    }

    private static List<(uint Word, uint Id, byte[] Body)> Join(string name)
    {
        var limits = new Limits { Key = Vectors.KeyOf(name, 0), MaxFrame = Vectors.Number(Vectors.Get(name), "maxFrame") };
        var reader = new FrameReader(new MemoryChannel(Vectors.Bytes(name)), limits);
        var bodies = new BodyAssembler();
        var whole = new List<(uint, uint, byte[])>();
        while (TryRead(reader, out var frame))
        {
            if (bodies.TryJoin(frame, out var joined)) whole.Add((joined.Word, joined.Id, joined.Body.ToArray()));
        }
        return whole;
    }

    private static bool TryRead(FrameReader reader, out Frame frame)
    {
        while (!reader.TryNext(out frame))
        {
            if (!reader.Fill()) return false;
        }
        return true;
    }

    private static void Check(JsonElement expected, Frame frame)
    {
        Assert.Equal((Vectors.Number(expected, "type"), Vectors.Number(expected, "flags"), Vectors.Number(expected, "encoding"), Vectors.Number(expected, "id")),
            (frame.Type, frame.Flags, frame.Encoding, frame.Id));
        Assert.Equal(Vectors.Hex(expected, "metadata"), frame.Metadata.ToArray());
        Assert.Equal(Vectors.Hex(expected, "body"), frame.Body.ToArray());
        if (expected.TryGetProperty("invalidMetadata", out _)) { var metadata = frame.Metadata; Assert.Throws<DamageException>(() => new TaskFields(metadata)); }
        if (expected.TryGetProperty("task", out var task)) CheckTask(task, new TaskFields(frame.Metadata));
        if (expected.TryGetProperty("welcome", out var welcome)) CheckWelcome(welcome, new Welcome(frame.Metadata));
        if (expected.TryGetProperty("credit", out var credit)) Assert.Equal(credit.GetUInt32(), new Fields(frame.Metadata).RequiredNumber(48));
        var (encoding, body) = (frame.Encoding, frame.Body.ToArray());
        if (expected.TryGetProperty("invalidValue", out _)) Assert.ThrowsAny<FormatException>(() => ValueDecoder.Decode(encoding, body));
        if (expected.TryGetProperty("json", out var json)) CheckValue(json.GetString()!, expected, ValueDecoder.Decode(encoding, body));
    }

    private static void CheckTask(JsonElement expected, TaskFields fields)
    {
        Assert.Equal(expected.GetProperty("handler").GetString(), fields.Handler);
        Assert.Equal(expected.GetProperty("remainingMs").ValueKind == JsonValueKind.Null ? null : Vectors.Number(expected, "remainingMs"), fields.RemainingMs);
        Assert.Equal(Vectors.Number(expected, "attempt"), fields.Attempt);
        Assert.Equal(expected.GetProperty("tenant").GetString(), fields.Tenant);
        foreach (var (member, value) in new[] { ("idempotencyKey", fields.IdempotencyKey), ("traceparent", fields.TraceParent), ("tracestate", fields.TraceState) })
        {
            Assert.Equal(expected.TryGetProperty(member, out var text) ? text.GetString() : null, value);
        }
        var metadata = expected.TryGetProperty("metadata", out var members) || expected.TryGetProperty("userMetadata", out members)
            ? members.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!)
            : new Dictionary<string, string>();
        Assert.Equal(metadata, fields.Metadata.ToDictionary(pair => pair.Key, pair => pair.Value));
    }

    private static void CheckWelcome(JsonElement expected, Welcome welcome)
    {
        var told = new Dictionary<string, uint>
        {
            ["key"] = welcome.Key, ["maxBody"] = welcome.MaxBody, ["maxFrame"] = welcome.MaxFrame, ["slot"] = welcome.Slot, ["workerId"] = welcome.WorkerId,
            ["ledgerSize"] = welcome.LedgerSize, ["version"] = welcome.Version, ["concurrency"] = welcome.Concurrency,
        };
        foreach (var member in expected.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number) Assert.Equal(member.Value.GetUInt32(), told[member.Name]);
        }
        Assert.Equal(expected.GetProperty("poolName").GetString(), welcome.PoolName);
    }

    /// <summary>The value is what JSON says, with bytes in the places of its attachments; and it is the same again when it was written and read.</summary>
    private static void CheckValue(string json, JsonElement expected, object? value)
    {
        var attachments = expected.TryGetProperty("attachments", out var list)
            ? list.EnumerateArray().ToDictionary(each => each.GetProperty("path").GetString()!, each => Vectors.Hex(each, "bytes"))
            : new Dictionary<string, byte[]>();
        Assert.Equal(Plain.Of(JsonReader.Read(json), "", attachments), Plain.Of(value));
        Assert.Equal(Plain.Of(value), Plain.Of(ValueDecoder.Decode(EncodingOf(value, out var body), body)));
    }

    private static uint EncodingOf(object? value, out byte[] body)
    {
        body = ValueEncoder.Encode(value, out var encoding);
        return encoding;
    }
}
