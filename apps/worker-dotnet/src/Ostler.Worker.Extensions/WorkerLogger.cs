using System;
using System.Collections.Generic;
using Microsoft.Extensions.Logging;

namespace Ostler.Extensions;

/// <summary>A category's logger. What a message names, what the scopes around it name, and the exception are fields of the line.</summary>
internal sealed class WorkerLogger(WorkerInfo worker, string category, Func<IExternalScopeProvider> scopes) : ILogger
{
    private const string Template = "{OriginalFormat}";

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => scopes().Push(state);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var fields = new Dictionary<string, object?> { ["category"] = category };
        scopes().ForEachScope((scope, told) => Add(told, scope), fields);
        Add(fields, state);
        if (eventId.Id != 0) fields["eventId"] = eventId.Id;
        if (exception != null) fields["exception"] = exception.ToString();
        var message = formatter(state, exception);
        if (TaskContext.Current is { } task) task.Log(NameOf(logLevel), message, fields);
        else worker.Log(NameOf(logLevel), message, fields);
    }

    private static void Add(Dictionary<string, object?> fields, object? named)
    {
        if (named is not IEnumerable<KeyValuePair<string, object?>> pairs) return;
        foreach (var pair in pairs)
        {
            if (pair.Key != Template) fields[pair.Key] = pair.Value;
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}
