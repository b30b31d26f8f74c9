using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Ostler.Json;
using Ostler.Protocol;
using Ostler.Tasks;

namespace Ostler;

/// <summary>What a handler is told about its task, and what it can tell the pool.</summary>
public sealed class TaskContext
{
    private static readonly AsyncLocal<TaskContext?> CurrentTask = new();

    private readonly TaskVoice _voice;
    private readonly TaskFields _fields;
    private CancellationTokenSource? _cancellation;
    private volatile bool _cancelAsked;

    internal readonly uint Word;
    internal byte[] Body;
    internal long BeganAt;

    /// <summary>Bytes that the caller still takes of a stream; changed under the inbox's gate.</summary>
    internal long Credit = Limits.InitialCredit;

    /// <summary>Given back before it began; it is still in the queue.</summary>
    internal bool IsGivenBack;

    /// <summary>Whether its terminal frame is out; nothing may be said in its name then.</summary>
    internal volatile bool IsDone;

    /// <summary>Starts of printed lines whose ends have not come.</summary>
    internal PartialLines? Partial;

    internal TaskContext(TaskVoice voice, uint id, uint word, TaskFields fields, byte[] body) =>
        (_voice, Id, Word, _fields, Body) = (voice, id, word, fields, body);

    /// <summary>The task that this code runs for, wherever it runs; null outside of a task.</summary>
    public static TaskContext? Current
    {
        get => CurrentTask.Value;
        internal set => CurrentTask.Value = value;
    }

    /// <summary>The task's number, unique while it runs.</summary>
    public uint Id { get; }

    /// <summary>The name that the caller gave for the handler.</summary>
    public string Handler => _fields.Handler;

    /// <summary>1 for the first time that this task runs.</summary>
    public long Attempt => _fields.Attempt;

    /// <summary>Whom the task is for; empty if nobody was named.</summary>
    public string Tenant => _fields.Tenant;

    /// <summary>What the caller attached to the task.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _fields.Metadata;

    /// <summary>The same for every run of the same task, if the caller gave one.</summary>
    public string? IdempotencyKey => _fields.IdempotencyKey;

    /// <summary>W3C Trace Context, if the caller has one.</summary>
    public string? TraceParent => _fields.TraceParent;

    /// <summary>W3C Trace Context, if the caller has one.</summary>
    public string? TraceState => _fields.TraceState;

    /// <summary>The worker that runs it.</summary>
    public WorkerInfo Worker => _voice.Info;

    /// <summary>The time that the task has left, never below zero; null without a limit.</summary>
    public TimeSpan? RemainingTime
    {
        get
        {
            if (_fields.RemainingMs is not { } limit) return null;
            var spent = (Stopwatch.GetTimestamp() - BeganAt) * 1000.0 / Stopwatch.Frequency;
            return TimeSpan.FromMilliseconds(Math.Max(0, limit - spent));
        }
    }

    /// <summary>Cancelled when the caller gives up.</summary>
    public CancellationToken CancellationToken
    {
        get
        {
            if (Volatile.Read(ref _cancellation) == null)
            {
                Interlocked.CompareExchange(ref _cancellation, new CancellationTokenSource(), null);
                if (_cancelAsked) _cancellation!.Cancel(); // the other thread may have looked before there was one
            }
            return _cancellation!.Token;
        }
    }

    /// <summary>Hands a JSON value to the caller's onProgress. Throws a <see cref="JsonValueException"/> for one that JSON cannot carry.</summary>
    public void Progress(object? value)
    {
        var body = ValueEncoder.Encode(value, out var encoding);
        if (encoding != BodyEncoding.Json) throw new JsonValueException("", "bytes in a progress value");
        _voice.Progress(this, body);
    }

    /// <summary>
    /// Writes a log line of this task. Usual levels are debug, info, warn and error; `fields` is an object or a
    /// dictionary, and what JSON cannot carry of it is written as text.
    /// </summary>
    public void Log(string level, string message, object? fields = null) => _voice.Log(this, level, message, fields);

    internal uint Encoding => Word >> 16 & 0xFF;
    internal bool WantsStream => (Word >> 8 & FrameFlag.Stream) != 0;
    internal bool IsCancelled => _cancelAsked;

    /// <summary>The input, which the context gives up: what the handler does not keep can be freed.</summary>
    internal byte[] TakeBody()
    {
        var body = Body;
        Body = [];
        return body;
    }

    /// <summary>Called on the thread that reads; what user code does because of it runs elsewhere.</summary>
    internal void Cancel()
    {
        _cancelAsked = true;
        Thread.MemoryBarrier();
        var cancellation = Volatile.Read(ref _cancellation);
        if (cancellation != null) ThreadPool.QueueUserWorkItem(_ => Cancel(cancellation));
    }

    private void Cancel(CancellationTokenSource cancellation)
    {
        Current = this;
        try
        {
            cancellation.Cancel();
        }
        catch (AggregateException error)
        {
            Log("error", $"a callback of the cancellation token threw: {error.Flatten().InnerExceptions[0]}");
        }
    }
}
