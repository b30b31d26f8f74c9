using System;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;

namespace Ostler.Tasks;

/// <summary>
/// An IAsyncEnumerable, driven by reflection: .NET Standard 2.0 does not have the type, and so those of .NET itself and of
/// Microsoft.Bcl.AsyncInterfaces are taken alike.
/// </summary>
internal sealed class AsyncItems
{
    private const string SequenceName = "System.Collections.Generic.IAsyncEnumerable`1";

    private readonly object _enumerator;
    private readonly MethodInfo _moveNext, _current;
    private readonly MethodInfo? _dispose;

    public AsyncItems(object sequence, CancellationToken cancellation)
    {
        var type = FindSequence(sequence.GetType())!;
        var get = type.GetMethod("GetAsyncEnumerator")!;
        _enumerator = get.Invoke(sequence, [cancellation])!;
        _moveNext = get.ReturnType.GetMethod("MoveNextAsync")!;
        _current = get.ReturnType.GetProperty("Current")!.GetMethod!;
        foreach (var contract in get.ReturnType.GetInterfaces())
        {
            if (contract.FullName == "System.IAsyncDisposable") _dispose = contract.GetMethod("DisposeAsync");
        }
    }

    public static bool IsSequence(Type type) => type.IsGenericType && NameOf(type) == SequenceName;

    /// <summary>The current item; only after `MoveNext` gave true.</summary>
    public object? Current => _current.Invoke(_enumerator, null);

    public Task<bool> MoveNext() => (Task<bool>)AsTask(_moveNext);

    public Task Dispose() => _dispose == null ? Task.CompletedTask : AsTask(_dispose);

    private Task AsTask(MethodInfo method)
    {
        var valueTask = method.Invoke(_enumerator, null)!;
        return (Task)valueTask.GetType().GetMethod("AsTask")!.Invoke(valueTask, null)!;
    }

    private static Type? FindSequence(Type type)
    {
        foreach (var contract in type.GetInterfaces())
        {
            if (IsSequence(contract)) return contract;
        }
        return null;
    }

    private static string? NameOf(Type type) => type.GetGenericTypeDefinition().FullName;
}
