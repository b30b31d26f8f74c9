using System.Security.Cryptography;

/// <summary>The handlers of this worker; put your own methods here.</summary>
public static class Handlers
{
    /// <summary>Gets what the caller sent, and replies with what it returns.</summary>
    public static byte[] Echo(byte[] body) => body;

    public static string Sha512(byte[] body) => Convert.ToHexString(SHA512.HashData(body)).ToLowerInvariant();

    /// <summary>A JSON value in, a JSON value out.</summary>
    public static Total Sum(Pair pair) => new(pair.A + pair.B);

    public sealed record Pair(double A, double B);

    public sealed record Total(double Sum);
}
