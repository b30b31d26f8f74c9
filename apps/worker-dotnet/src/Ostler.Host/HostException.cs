using System;

namespace Ostler.Host;

/// <summary>The task can't be served; the message names the file or option, what was expected and what came.</summary>
[Serializable]
public sealed class HostException : Exception
{
    public const int ExitCode = 2;

    public HostException(string message, Exception? cause = null) : base(message, cause) { }

#if NET472
    private HostException(System.Runtime.Serialization.SerializationInfo info, System.Runtime.Serialization.StreamingContext context) : base(info, context) { }
#endif
}
