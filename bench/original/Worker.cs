using System.Security.Cryptography;

namespace LinePool;

/// <summary>A line of base64 in, a line of base64 out: the SHA-512 of the bytes that were sent. The end of stdin ends it.</summary>
internal static class Worker
{
    public static void Serve()
    {
        while (Console.ReadLine() is { } line)
        {
            Console.WriteLine(Convert.ToBase64String(SHA512.HashData(Convert.FromBase64String(line))));
        }
    }
}
