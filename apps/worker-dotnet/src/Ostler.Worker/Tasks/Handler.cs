using System;
using Ostler.Json;

namespace Ostler.Tasks;

/// <summary>A handler under its name: `Call` gives it the task's input, `Reply` says what it gives back.</summary>
internal sealed class Handler(string name, Func<TaskContext, object?> call, ReplyKind reply)
{
    public string Name { get; } = name;
    public Func<TaskContext, object?> Call { get; } = call;
    public ReplyKind Reply { get; } = reply;

    /// <summary>Whether it took long the last time: what is held back is written before it begins again.</summary>
    public bool IsSlow;
}
