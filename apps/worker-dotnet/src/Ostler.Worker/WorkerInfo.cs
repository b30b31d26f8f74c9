namespace Ostler;

/// <summary>What a worker is told about itself before its first task.</summary>
public sealed class WorkerInfo
{
    internal WorkerInfo(uint slot, uint workerId, string pool) => (Slot, WorkerId, Pool) = (slot, workerId, pool);

    /// <summary>The lowest number that no other live worker of the pool has, from 0: for GPUs, ports, scratch folders.</summary>
    public long Slot { get; }

    /// <summary>A number that this pool never uses again.</summary>
    public long WorkerId { get; }

    /// <summary>The pool's name.</summary>
    public string Pool { get; }
}
