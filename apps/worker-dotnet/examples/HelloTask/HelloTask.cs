using System.Collections.Generic;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

/// <summary>A task: its public methods are the handlers.</summary>
public sealed class HelloTask
{
    private readonly SHA512 _sha512 = SHA512.Create();

    /// <summary>The handler `default`: SHA-512 of the bytes that were sent.</summary>
    public byte[] Run(byte[] body) => _sha512.ComputeHash(body);

    /// <summary>A JSON value in, a JSON value out.</summary>
    public string Greet(string name) => $"Hello, {name}!";

    /// <summary>The handler `Pause`; the token is cancelled when the caller gives up.</summary>
    public async Task<double> PauseAsync(double seconds, CancellationToken cancelled)
    {
        await Task.Delay((int)(seconds * 1000), cancelled);
        return seconds;
    }

    /// <summary>A stream: each item goes out at once, as fast as the caller takes them.</summary>
    public IEnumerable<string> Count(int items)
    {
        for (var item = 1; item <= items; item++) yield return item.ToString();
    }
}
