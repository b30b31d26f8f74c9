using System;
using System.IO;

namespace Ostler.Host;

/// <summary>For which processors an assembly is built, by the headers of its file (PE/COFF and CLI: ECMA-335, II.25).</summary>
internal static class Bitness
{
    private const int PeOffset = 0x3C;
    private const ushort X86 = 0x14C;
    private const ushort Pe32 = 0x10B;
    private const int Requires32Bit = 2;

    /// <summary>Why this process can't load the file, and which host can; null where its bitness is not the reason.</summary>
    public static string? Mismatch(string path)
    {
        try
        {
            var wants32 = Wants32Bit(File.ReadAllBytes(path));
            if (wants32 == null || wants32 == !Environment.Is64BitProcess) return null;
            var ours = Environment.Is64BitProcess ? "64-bit" : "32-bit";
            return wants32.Value
                ? $"{path} is a 32-bit (x86) assembly, this host is {ours}: it wants ostler-host for net472 built with -p:PlatformTarget=x86"
                : $"{path} is a 64-bit (x64) assembly, this host is {ours}: it wants the 64-bit ostler-host";
        }
        catch (Exception error) when (error is ArgumentOutOfRangeException or IndexOutOfRangeException or ArgumentException)
        {
            return null; // no such headers: no assembly at all
        }
    }

    /// <summary>True for x86 only, false for 64 bits only, null for any.</summary>
    private static bool? Wants32Bit(byte[] image)
    {
        var coff = BitConverter.ToInt32(image, PeOffset) + 4;
        var machine = BitConverter.ToUInt16(image, coff);
        var optional = coff + 20;
        var isPe32 = BitConverter.ToUInt16(image, optional) == Pe32;
        if (!isPe32) return false;
        if (machine != X86) return null;
        var sections = optional + BitConverter.ToUInt16(image, coff + 16);
        var cli = OffsetOf(image, BitConverter.ToInt32(image, optional + 96 + (14 * 8)), sections, BitConverter.ToUInt16(image, coff + 2));
        return (BitConverter.ToInt32(image, cli + 16) & Requires32Bit) != 0 ? true : null;
    }

    /// <summary>Where an address in memory is in the file.</summary>
    private static int OffsetOf(byte[] image, int address, int sections, int count)
    {
        for (var header = sections; header < sections + (count * 40); header += 40)
        {
            var start = BitConverter.ToInt32(image, header + 12);
            if (address >= start && address < start + BitConverter.ToInt32(image, header + 8)) return address - start + BitConverter.ToInt32(image, header + 20);
        }
        throw new ArgumentException("the address is in no section");
    }
}
