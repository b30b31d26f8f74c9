using System;

namespace Ostler.Channel;

/// <summary>The descriptors with which this process was started, as its system knows them.</summary>
internal abstract class Descriptors
{
    public static readonly Descriptors OfThisSystem = Platform.IsWindows ? new WindowsDescriptors() : new UnixDescriptors();

    /// <summary>Keeps a descriptor from our children, and gives what the system's calls take for it; null where there is none with that number.</summary>
    public abstract IntPtr? Take(int descriptor);

    /// <summary>Moves stdin and stdout away from user code, which gets stderr for its stdout.</summary>
    public abstract (IntPtr Reads, IntPtr Writes) MoveStandardStreams();

    /// <summary>Puts the null device in the place of stdin.</summary>
    public abstract void NullStandardInput();

    /// <summary>Gives back what `Take` gave.</summary>
    public abstract void Close(IntPtr taken);

    public abstract ByteChannel Open(IntPtr reads, IntPtr writes);
}
