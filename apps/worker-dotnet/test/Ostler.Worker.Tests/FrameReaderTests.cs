using System;
using System.Linq;
using Ostler.Protocol;
using Xunit;

namespace Ostler.Tests;

public class FrameReaderTests
{
    private static byte[] Encode(uint id, byte[] body, uint key = 9)
    {
        var bytes = new byte[FrameLayout.SizeOf(0, body.Length)];
        FrameLayout.Write(bytes, key, Frame.WordOf(FrameType.Task), id, default, body);
        return bytes;
    }

    private static FrameReader Reader(byte[] bytes, int chunk = int.MaxValue, uint maxFrame = 1 << 20) =>
        new(new MemoryChannel(bytes, chunk), new Limits { Key = 9, MaxFrame = maxFrame });

    private static Frame Read(FrameReader reader)
    {
        Frame frame;
        while (!reader.TryNext(out frame)) Assert.True(reader.Fill());
        return frame;
    }

    [Fact]
    public void Frames_of_every_size_come_whole_however_they_are_cut()
    {
        var random = new Random(1);
        var bodies = Enumerable.Range(0, 60).Select(index => new byte[index < 50 ? random.Next(300) : random.Next(700_000)]).ToList();
        bodies.ForEach(random.NextBytes);
        var bytes = bodies.SelectMany((body, index) => Encode((uint)index + 1, body)).ToArray();
        foreach (var chunk in new[] { 13, 4_096, int.MaxValue })
        {
            var reader = Reader(bytes, chunk);
            for (var index = 0; index < bodies.Count; index++)
            {
                var frame = Read(reader);
                Assert.Equal((uint)index + 1, frame.Id);
                Assert.True(frame.Body.AsSpan().SequenceEqual(bodies[index]));
            }
            Assert.False(reader.Fill());
        }
    }

    [Fact]
    public void A_body_over_the_limit_is_refused_before_anything_is_allocated_for_it()
    {
        var header = new byte[FrameLayout.HeaderSize];
        FrameLayout.WriteHeader(header, 9, Frame.WordOf(FrameType.Task), 1, 0, 2_000_000_000);
        var reader = Reader(header);
        Assert.True(reader.Fill());
        Assert.Contains("expected a frame", Assert.Throws<DamageException>(() => reader.TryNext(out _)).Message);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(39)]
    public void An_end_in_the_middle_of_a_frame_is_damage(int length)
    {
        var reader = Reader(Encode(1, [1, 2, 3]).Take(length).ToArray());
        Assert.True(reader.Fill());
        Assert.False(reader.TryNext(out _));
        Assert.Contains("ends in the middle", Assert.Throws<DamageException>(() => reader.Fill()).Message);
    }

    [Fact]
    public void Every_flipped_bit_of_header_and_trailer_is_noticed()
    {
        var good = Encode(77, [1, 2, 3, 4, 5, 6, 7, 8]);
        foreach (var at in Enumerable.Range(0, 24).Concat(Enumerable.Range(32, 8)).Where(at => at != 7))
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var bytes = (byte[])good.Clone();
                bytes[at] ^= (byte)(1 << bit);
                Assert.Throws<DamageException>(() => Read(Reader(bytes)));
            }
        }
    }
}
