namespace Ostler.Protocol;

/// <summary>The key of this conversation and the sizes that it allows, in bytes; WELCOME changes them between two frames.</summary>
internal sealed class Limits
{
    public const int MaxMetadata = 65_536, HandshakeMaxFrame = 1 << 20, InitialCredit = 1 << 18;

    public uint Key;
    public uint MaxFrame = HandshakeMaxFrame;
    public uint MaxBody = HandshakeMaxFrame;
}
