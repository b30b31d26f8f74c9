using System;

namespace Ostler.Channel;

/// <summary>Nobody reads what this worker writes.</summary>
internal sealed class PoolGoneException(int error) : Exception($"the pool closed its end of the channel (error {error})");
