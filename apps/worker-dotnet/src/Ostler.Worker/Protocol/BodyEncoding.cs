namespace Ostler.Protocol;

/// <summary>What the bytes of a body are.</summary>
internal static class BodyEncoding
{
    public const uint Bytes = 0, Json = 1, Attachments = 2;
}
