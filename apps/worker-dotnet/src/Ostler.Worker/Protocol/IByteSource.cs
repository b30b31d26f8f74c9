namespace Ostler.Protocol;

/// <summary>Where frames come from.</summary>
internal interface IByteSource
{
    /// <summary>Waits for at least one byte; 0 at the end.</summary>
    int Read(byte[] into, int offset, int count);
}
