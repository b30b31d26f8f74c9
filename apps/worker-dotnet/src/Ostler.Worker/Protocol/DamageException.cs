using System;

namespace Ostler.Protocol;

/// <summary>The task channel holds something that is not the protocol; the worker can only leave.</summary>
internal sealed class DamageException(string message) : Exception(message);
