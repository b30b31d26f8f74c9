using System;

namespace Ostler.Channel;

/// <summary>Descriptors as they are.</summary>
internal sealed class UnixDescriptors : Descriptors
{
    /// <summary>Never null: .NET has opened some of its own by now, so a number that is taken proves nothing.</summary>
    public override IntPtr? Take(int descriptor)
    {
        Libc.Claim(descriptor);
        return new IntPtr(descriptor);
    }

    public override (IntPtr Reads, IntPtr Writes) MoveStandardStreams()
    {
        var (reads, writes) = (Libc.dup(0), Libc.dup(1));
        Libc.Claim(reads);
        Libc.Claim(writes);
        Libc.dup2(2, 1);
        return (new IntPtr(reads), new IntPtr(writes));
    }

    public override void NullStandardInput()
    {
        var nothing = Libc.open("/dev/null", Libc.ReadWrite);
        if (nothing == 0) return;
        Libc.dup2(nothing, 0);
        Libc.close(nothing);
    }

    public override void Close(IntPtr taken) => Libc.close((int)taken);

    public override ByteChannel Open(IntPtr reads, IntPtr writes) => new UnixChannel((int)reads, (int)writes);
}
