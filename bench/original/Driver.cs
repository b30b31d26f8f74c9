using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace LinePool;

/// <summary>For each line "SIZE MILLISECONDS" on stdin, keeps a pool busy for that long and prints tasks per second.</summary>
internal static class Driver
{
    public static void Serve(int workers, int queueSize)
    {
        using var pool = new LineProcessPool([Environment.ProcessPath!, "worker"], workers, queueSize);
        while (Console.ReadLine() is { } line)
        {
            var numbers = Array.ConvertAll(line.Split(' '), word => int.Parse(word, CultureInfo.InvariantCulture));
            Console.WriteLine(TasksPerSecond(pool, BodyOf(numbers[0]), numbers[1]).ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The timer runs from the first submission until the last digest has been compared.</summary>
    private static double TasksPerSecond(LineProcessPool pool, byte[] body, int milliseconds)
    {
        var expected = SHA512.HashData(body);
        var results = new Queue<PendingResult>();
        var clock = Stopwatch.StartNew();
        while (clock.ElapsedMilliseconds < milliseconds) results.Enqueue(pool.QueueTask(body));
        var count = results.Count;
        while (results.TryDequeue(out var result))
        {
            if (!result.Wait().AsSpan().SequenceEqual(expected)) throw new InvalidDataException("a wrong digest");
            result.Dispose();
        }
        return count / clock.Elapsed.TotalSeconds;
    }

    private static byte[] BodyOf(int size)
    {
        var body = new byte[size];
        for (var index = 0; index < size; index++) body[index] = (byte)(index * 31 + 7);
        return body;
    }
}
