using System;

namespace Ostler.Protocol;

/// <summary>What the pool tells a worker at the beginning.</summary>
internal sealed class Welcome
{
    public readonly uint Key, MaxBody, MaxFrame, Slot, WorkerId, Version, LedgerSize, Concurrency;
    public readonly string PoolName;

    public Welcome(ReadOnlySpan<byte> metadata)
    {
        var fields = new Fields(metadata);
        Key = fields.RequiredNumber(32);
        MaxBody = fields.RequiredNumber(33);
        MaxFrame = fields.RequiredNumber(34);
        Slot = fields.RequiredNumber(35);
        WorkerId = fields.RequiredNumber(36);
        LedgerSize = fields.Number(37) ?? 0;
        Version = fields.RequiredNumber(38);
        PoolName = fields.Text(39) ?? "";
        Concurrency = fields.Number(40) ?? 1;
    }
}
