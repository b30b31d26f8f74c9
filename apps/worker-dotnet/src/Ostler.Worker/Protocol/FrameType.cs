namespace Ostler.Protocol;

/// <summary>What a frame is; docs/protocol.md says what each means.</summary>
internal static class FrameType
{
    public const uint Hello = 1, Welcome = 2, Ready = 3;
    public const uint Task = 16, Result = 17, Failure = 18, Chunk = 19, End = 20, Body = 21;
    public const uint Credit = 22, Progress = 23, Log = 24, Cancel = 25;
    public const uint Ping = 32, Pong = 33, LastWords = 38;
}
