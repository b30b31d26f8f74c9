using System;
using System.Linq;
using Ostler.Channel;
using Xunit;

namespace Ostler.Tests;

/// <summary>What a worker on Windows finds in the block by which C runtimes hand descriptors over.</summary>
public class DescriptorBlockTests
{
    private const byte Open = 0x01, Pipe = 0x08, Device = 0x40;

    private static readonly byte[] Flags = [Open | Device, Open | Pipe, 0, Open | Pipe, Open];

    private static byte[] Block(int pointerSize, byte[] flags, params long[] handles) =>
        [.. BitConverter.GetBytes(flags.Length), .. flags, .. handles.SelectMany(handle => BitConverter.GetBytes(handle).Take(pointerSize))];

    private static long?[] FindAll(byte[] block, int pointerSize, int count) =>
        Enumerable.Range(0, count).Select(descriptor => DescriptorBlock.Find(block, descriptor, pointerSize)).ToArray();

    [Theory, InlineData(4), InlineData(8)]
    public void The_handle_of_every_open_descriptor_is_found_and_no_other(int pointerSize)
    {
        var block = Block(pointerSize, Flags, 0x24, 0x10A8, -1, 0x7FFF_FFF4, 0x300);
        Assert.Equal([0x24, 0x10A8, null, 0x7FFF_FFF4, 0x300, null, null], FindAll(block, pointerSize, 7));
        Assert.Null(DescriptorBlock.Find(block, -1, pointerSize));
        Assert.Null(DescriptorBlock.Find(block, int.MaxValue, pointerSize));
    }

    [Fact]
    public void A_handle_keeps_all_of_its_bits_in_a_process_of_64_and_its_sign_in_one_of_32()
    {
        Assert.Equal(0x1234_5678_9ABC_DEF0, DescriptorBlock.Find(Block(8, [Open], 0x1234_5678_9ABC_DEF0), 0, 8));
        Assert.Equal(-4, DescriptorBlock.Find(Block(4, [Open], 0xFFFF_FFFC), 0, 4));
    }

    [Theory, InlineData(4), InlineData(8)]
    public void What_stands_behind_the_handles_is_not_looked_at(int pointerSize) =>
        Assert.Equal([0x24, 0x28, null], FindAll([.. Block(pointerSize, [Open, Open], 0x24, 0x28), 1, 2, 3, 4, 5, 6, 7, 8, 9], pointerSize, 3));

    [Theory, InlineData(4), InlineData(8)]
    public void A_block_that_is_too_short_for_its_number_holds_nothing(int pointerSize)
    {
        var block = Block(pointerSize, Flags, 1, 2, 3, 4, 5);
        for (var length = 0; length < block.Length; length++)
        {
            Assert.All(FindAll(block.Take(length).ToArray(), pointerSize, 6), found => Assert.Null(found));
        }
    }

    [Theory, InlineData(int.MaxValue), InlineData(int.MinValue), InlineData(-1), InlineData(0)]
    public void A_number_that_no_block_has_means_nothing(int count)
    {
        byte[] block = [.. BitConverter.GetBytes(count), .. Enumerable.Repeat((byte)0xFF, 200)];
        Assert.All(FindAll(block, 8, 20), found => Assert.Null(found));
        Assert.All(FindAll(block, 4, 20), found => Assert.Null(found));
    }

    [Fact]
    public void Whatever_the_bytes_are_nothing_outside_of_them_is_read()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var block = new byte[random.Next(60)];
            random.NextBytes(block);
            if (block.Length > 3) (block[0], block[1], block[2], block[3]) = ((byte)random.Next(12), 0, 0, (byte)(random.Next(8) == 0 ? 0x80 : 0));
            foreach (var pointerSize in new[] { 4, 8 }) FindAll(block, pointerSize, 12);
        }
    }
}
