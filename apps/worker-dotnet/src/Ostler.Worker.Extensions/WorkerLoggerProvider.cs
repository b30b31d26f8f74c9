using Microsoft.Extensions.Logging;

namespace Ostler.Extensions;

/// <summary>Makes what is logged by ILogger log lines of the pool, each with the task that it was written for.</summary>
public sealed class WorkerLoggerProvider(WorkerInfo worker) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    /// <summary>A logger for a category, which is a field of its lines.</summary>
    public ILogger CreateLogger(string categoryName) => new WorkerLogger(worker, categoryName, () => _scopes);

    /// <summary>Takes the scopes that all providers share.</summary>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    /// <summary>There is nothing to give back.</summary>
    public void Dispose() { }
}
