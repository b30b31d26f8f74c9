using System.Collections.Concurrent;
using System.Diagnostics;

namespace LinePool;

/// <summary>
/// A pool as it was first designed: a bounded queue of blocking calls, a thread for each process, and one task at a time in each of
/// them, as a line of base64 in and a line of base64 out.
/// </summary>
internal sealed class LineProcessPool : IDisposable
{
    private readonly string[] _command;
    private readonly int _max;
    private readonly BlockingCollection<PendingResult> _queue;
    private readonly ConcurrentBag<Thread> _threads = [];
    private int _processes;
    private int _idle;

    public LineProcessPool(string[] command, int workers, int queueSize)
    {
        _command = command;
        _max = workers;
        _queue = new BlockingCollection<PendingResult>(queueSize);
    }

    /// <summary>Waits for a place in the queue.</summary>
    public PendingResult QueueTask(byte[] body)
    {
        var result = new PendingResult(body);
        _queue.Add(result);
        TryIncreaseProcess();
        return result;
    }

    /// <summary>Ends when the last task is done and every process is gone.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        foreach (var thread in _threads) thread.Join();
        _queue.Dispose();
    }

    /// <summary>Starts one more process when none is idle. (The count is changed in one step, so that there are never too many.)</summary>
    private void TryIncreaseProcess()
    {
        if (Volatile.Read(ref _idle) > 0) return;
        var processes = Volatile.Read(ref _processes);
        if (processes >= _max || Interlocked.CompareExchange(ref _processes, processes + 1, processes) != processes) return;
        var thread = new Thread(ServeQueue) { IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    private void ServeQueue()
    {
        using var process = Process.Start(StartInfo())!;
        var (input, output) = (process.StandardInput, process.StandardOutput);
        while (TryTake(out var task))
        {
            input.WriteLine(Convert.ToBase64String(task.Body));
            task.Set(Convert.FromBase64String(output.ReadLine() ?? throw new IOException($"{_command[0]} has ended")));
        }
        input.Close();
        process.WaitForExit();
    }

    private ProcessStartInfo StartInfo() => new(_command[0], _command.AsSpan(1).ToArray())
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    };

    private bool TryTake(out PendingResult task)
    {
        Interlocked.Increment(ref _idle);
        try
        {
            return _queue.TryTake(out task!, Timeout.Infinite);
        }
        finally
        {
            Interlocked.Decrement(ref _idle);
        }
    }
}
