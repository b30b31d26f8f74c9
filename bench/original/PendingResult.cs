namespace LinePool;

/// <summary>What the caller gets at once: a handle to wait for, then the result.</summary>
internal sealed class PendingResult(byte[] body) : IDisposable
{
    private readonly ManualResetEventSlim _done = new();
    private byte[]? _digest;

    public byte[] Body { get; } = body;

    public void Set(byte[] digest)
    {
        _digest = digest;
        _done.Set();
    }

    public byte[] Wait()
    {
        _done.Wait();
        return _digest!;
    }

    public void Dispose() => _done.Dispose();
}
