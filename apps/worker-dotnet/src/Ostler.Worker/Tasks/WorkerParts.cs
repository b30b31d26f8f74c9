using System;
using System.Collections.Generic;

namespace Ostler.Tasks;

/// <summary>What a program has given its worker to do.</summary>
internal sealed class WorkerParts
{
    public readonly Dictionary<string, Handler> Handlers = new();
    public Delegate? Init, Close;
}
