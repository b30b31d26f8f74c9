using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Ostler.Channel;
using Ostler.Protocol;
using Xunit;

namespace Ostler.Tests;

/// <summary>The worker's writer gives every byte of the vectors.</summary>
public class VectorWritingTests
{
    public static IEnumerable<object[]> WellFormed() => Vectors.Names(Vectors.IsWellFormed).Select(name => new object[] { name });

    [Theory, MemberData(nameof(WellFormed))]
    public void A_well_formed_vector_is_written_byte_by_byte(string name)
    {
        var frames = Vectors.Events(name).SelectMany((frame, index) => Write(frame, Vectors.KeyOf(name, index)));
        Assert.Equal(Vectors.Bytes(name), frames.ToArray());
    }

    [Fact]
    public void The_outbox_splits_a_reply_like_the_vector()
    {
        var limits = new Limits { Key = Vectors.KeyOf("result-split", 0), MaxFrame = 16 };
        var pieces = Vectors.Events("result-split").Where(frame => Vectors.Number(frame, "type") is FrameType.Result or FrameType.Body).ToList();
        var channel = new MemoryChannel([]);
        var body = pieces.SelectMany(piece => Vectors.Hex(piece, "body")).ToArray();
        new Outbox(channel, limits).Publish(Frame.WordOf(FrameType.Result), Vectors.Number(pieces[0], "id"), body);
        Assert.Equal(pieces.SelectMany(piece => Write(piece, limits.Key)), channel.Written);
        Assert.Equal(1, channel.Writes);
    }

    [Fact]
    public void The_ledger_of_a_worker_that_is_killed_is_that_of_the_vector()
    {
        var expected = Vectors.Bytes("ledger");
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[expected.Length]);
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            var ledger = ReplyLedger.Map(file.SafeFileHandle.DangerousGetHandle(), (uint)expected.Length)!;
            var channel = new MemoryChannel([]);
            var outbox = new Outbox(channel, new Limits { Key = Vectors.KeyOf("ledger", 0) });
            outbox.UseLedger(ledger);
            var old = new byte[200];
            for (var batch = 0; batch < 5; batch++)
            {
                outbox.Publish(Frame.WordOf(FrameType.Result), 1, old);
                outbox.Flush();
            }
            foreach (var frame in Vectors.Events("ledger"))
            {
                outbox.Begin(Vectors.Number(frame, "id"));
                outbox.Publish(Frame.WordOf(Vectors.Number(frame, "type"), 0, Vectors.Number(frame, "encoding")), Vectors.Number(frame, "id"), Vectors.Hex(frame, "body"));
            }
            outbox.Begin(43);
            var counted = 64 + 112;
            Assert.Equal(expected.Take(counted), Read(path, counted));
            outbox.Flush();
            Assert.Equal(Vectors.Bytes("ledger-flushed").Take(64), Read(path, 64));
            Assert.Equal(6, channel.Writes);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Read(string path, int count)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[count];
        Assert.Equal(count, file.Read(bytes, 0, count));
        return bytes;
    }

    private static byte[] Write(JsonElement frame, uint key)
    {
        var (metadata, body) = (Vectors.Hex(frame, "metadata"), Vectors.Hex(frame, "body"));
        var bytes = new byte[FrameLayout.SizeOf(metadata.Length, body.Length)];
        var word = Frame.WordOf(Vectors.Number(frame, "type"), Vectors.Number(frame, "flags"), Vectors.Number(frame, "encoding"));
        Assert.Equal(bytes.Length, FrameLayout.Write(bytes, key, word, Vectors.Number(frame, "id"), metadata, body));
        return bytes;
    }
}
