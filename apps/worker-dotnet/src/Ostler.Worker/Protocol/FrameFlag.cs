namespace Ostler.Protocol;

/// <summary>The flags of a frame, added up.</summary>
internal static class FrameFlag
{
    public const uint More = 1, Stream = 2, Cancelled = 4, NotStarted = 8;
}
