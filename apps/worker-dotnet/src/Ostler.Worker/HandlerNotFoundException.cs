using System;
using System.Collections.Generic;

namespace Ostler;

/// <summary>A task names a handler that this worker does not have.</summary>
public sealed class HandlerNotFoundException : Exception, IProtocolError
{
    internal HandlerNotFoundException(string handler, IReadOnlyCollection<string> known)
        : base($"there is no handler '{handler}'; this worker has {(known.Count > 0 ? string.Join(", ", known) : "none")}") => Known = known;

    /// <summary>The names of the handlers that there are.</summary>
    public IReadOnlyCollection<string> Known { get; }

    string IProtocolError.ErrorName => "HandlerNotFoundError";
}
