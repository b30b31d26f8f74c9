using System;
using Ostler.Channel;
using Ostler.Tasks;

namespace Ostler;

/// <summary>
/// Makes a program a worker:
/// <code>return new Worker().Handle("upper", (string text) => text.ToUpperInvariant()).Run();</code>
/// </summary>
public sealed class Worker
{
    internal readonly WorkerParts Parts = new();

    /// <summary>
    /// Adds a handler; the one called "default" takes the tasks that name none. Its parameters, in any order: the input
    /// (byte[], string, JsonValue or any type that JSON can fill), TaskContext, CancellationToken. What it returns is the
    /// reply; Task and ValueTask are awaited, IEnumerable and IAsyncEnumerable stream.
    /// </summary>
    public Worker Handle(string name, Delegate handler)
    {
        if (Parts.Handlers.ContainsKey(name)) throw new ArgumentException($"there is a handler '{name}' already", nameof(name));
        Parts.Handlers.Add(name, HandlerFactory.Create(name, handler));
        return this;
    }

    /// <summary>Adds a handler whose parameter is the input; for compilers before C# 10, which need the types.</summary>
    public Worker Handle<TInput, TReply>(string name, Func<TInput, TReply> handler) => Handle(name, (Delegate)handler);

    /// <summary>Adds a handler that also takes the task.</summary>
    public Worker Handle<TInput, TReply>(string name, Func<TInput, TaskContext, TReply> handler) => Handle(name, (Delegate)handler);

    /// <summary>
    /// Runs before the first task, with the pool's initData (as any type) and a <see cref="WorkerInfo"/> if it has
    /// parameters for them. May be async. What it throws is the pool's WorkerStartError.
    /// </summary>
    public Worker OnInit(Delegate init)
    {
        Parts.Init = init;
        return this;
    }

    /// <summary>Runs after the last task. May be async.</summary>
    public Worker OnClose(Delegate close)
    {
        Parts.Close = close;
        return this;
    }

    /// <summary>Serves tasks until the pool closes the channel. Handlers run on this thread. Gives the exit code for Main.</summary>
    public int Run()
    {
        var channel = TaskChannel.Take();
        return new Session(Parts, channel.Bytes, channel.Ledger).Run();
    }
}
