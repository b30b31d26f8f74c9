using System;

namespace Ostler.Channel;

/// <summary>Descriptors are a matter of C runtimes here, and .NET has none: so we look into the block by which those hand them over.</summary>
internal sealed unsafe class WindowsDescriptors : Descriptors
{
    public override IntPtr? Take(int descriptor)
    {
        Kernel32.GetStartupInfoW(out var startup);
        if (startup.Descriptors == null) return null;
        var block = new ReadOnlySpan<byte>(startup.Descriptors, startup.DescriptorsSize);
        if (DescriptorBlock.Find(block, descriptor, IntPtr.Size) is not { } found) return null;
        var handle = new IntPtr(found);
        var isThere = Kernel32.GetFileType(handle) != Kernel32.UnknownType && Kernel32.SetHandleInformation(handle, Kernel32.Inherit, 0);
        return isThere ? handle : null;
    }

    public override (IntPtr Reads, IntPtr Writes) MoveStandardStreams()
    {
        var (reads, writes) = (Kernel32.GetStdHandle(Kernel32.StandardInput), Kernel32.GetStdHandle(Kernel32.StandardOutput));
        Kernel32.SetHandleInformation(writes, Kernel32.Inherit, 0);
        Kernel32.SetStdHandle(Kernel32.StandardOutput, Kernel32.GetStdHandle(Kernel32.StandardError));
        return (reads, writes);
    }

    public override void NullStandardInput()
    {
        Kernel32.SetHandleInformation(Kernel32.GetStdHandle(Kernel32.StandardInput), Kernel32.Inherit, 0);
        var nothing = Kernel32.CreateFileW("NUL", Kernel32.GenericReadWrite, Kernel32.ShareReadWrite, IntPtr.Zero, Kernel32.OpenExisting, 0, IntPtr.Zero);
        Kernel32.SetHandleInformation(nothing, Kernel32.Inherit, Kernel32.Inherit);
        Kernel32.SetStdHandle(Kernel32.StandardInput, nothing);
    }

    /// <summary>Not at all: a C runtime in this process may have it among its own.</summary>
    public override void Close(IntPtr taken) { }

    public override ByteChannel Open(IntPtr reads, IntPtr writes) => new WindowsChannel(reads, writes);
}
