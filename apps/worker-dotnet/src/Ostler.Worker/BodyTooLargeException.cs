using System;

namespace Ostler;

/// <summary>A reply is larger than the pool allows.</summary>
public sealed class BodyTooLargeException : Exception, IProtocolError
{
    internal BodyTooLargeException(string what, long size, long limit)
        : base($"{what} has {size} bytes, the limit is {limit}") => (Size, Limit) = (size, limit);

    /// <summary>Bytes that it has.</summary>
    public long Size { get; }

    /// <summary>Bytes that are allowed.</summary>
    public long Limit { get; }

    string IProtocolError.ErrorName => "BodyTooLargeError";
}
