using System;

namespace Ostler;

/// <summary>What a handler gave is no reply to what was asked for: a stream for one value, or a value for bytes.</summary>
public sealed class ReplyKindException : Exception, IProtocolError
{
    internal ReplyKindException(string message) : base(message) { }

    string IProtocolError.ErrorName => "ReplyKindError";
}
