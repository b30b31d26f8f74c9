using Ostler.Tasks;

namespace Ostler;

/// <summary>What a worker is told about itself before its first task.</summary>
public sealed class WorkerInfo
{
    private readonly TaskVoice _voice;

    internal WorkerInfo(TaskVoice voice, uint slot, uint workerId, string pool) =>
        (_voice, Slot, WorkerId, Pool) = (voice, slot, workerId, pool);

    /// <summary>The lowest number that no other live worker of the pool has, from 0: for GPUs, ports, scratch folders.</summary>
    public long Slot { get; }

    /// <summary>A number that this pool never uses again.</summary>
    public long WorkerId { get; }

    /// <summary>The pool's name.</summary>
    public string Pool { get; }

    /// <summary>Writes a log line that belongs to no task; see <see cref="TaskContext.Log"/> for one that does.</summary>
    public void Log(string level, string message, object? fields = null) => _voice.Log(null, level, message, fields);
}
