using System;
using System.Collections;
using System.Collections.Generic;
using System.Reflection;
using System.Threading.Tasks;

namespace Ostler.Tasks;

/// <summary>
/// What a handler gives back, by the type that it declares: a value, a stream (IEnumerable, IEnumerator or
/// IAsyncEnumerable of anything), or one of both later (Task, ValueTask). A List, an array or a text is a value.
/// </summary>
internal sealed class ReplyKind
{
    private const string ValueTaskName = "System.Threading.Tasks.ValueTask";

    private static readonly MethodInfo GenericResult = typeof(ReplyKind).GetMethod(nameof(ResultOf), BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly MethodInfo? _asTask;
    private readonly Func<Task, object?>? _result;

    /// <summary>Whether `ToTask` and `Result` are to be called.</summary>
    public bool IsLater { get; }
    public bool IsItems { get; }
    public bool IsAsyncItems { get; }

    private ReplyKind(Type type)
    {
        var name = type.FullName ?? "";
        // By its name, as .NET Standard 2.0 has no ValueTask, and packages bring their own.
        if (name == ValueTaskName || name.StartsWith(ValueTaskName + "`1", StringComparison.Ordinal))
        {
            _asTask = type.GetMethod("AsTask")!;
            type = _asTask.ReturnType;
        }
        IsLater = typeof(Task).IsAssignableFrom(type);
        if (IsLater)
        {
            var result = ResultTypeOf(type);
            if (result != null) _result = (Func<Task, object?>)GenericResult.MakeGenericMethod(result).CreateDelegate(typeof(Func<Task, object?>));
            type = result ?? typeof(void);
        }
        IsAsyncItems = AsyncItems.IsSequence(type);
        IsItems = !IsAsyncItems && IsSequence(type);
    }

    public static ReplyKind Of(Type declared) => new(declared);

    public Task ToTask(object later) => _asTask == null ? (Task)later : (Task)_asTask.Invoke(later, null)!;

    /// <summary>What a task that has ended well gave.</summary>
    public object? Result(Task ended) => _result?.Invoke(ended);

    private static Type? ResultTypeOf(Type? type)
    {
        for (; type != null && type != typeof(Task); type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)) return type.GetGenericArguments()[0];
        }
        return null;
    }

    private static object? ResultOf<T>(Task task) => ((Task<T>)task).Result;

    private static bool IsSequence(Type type)
    {
        if (type == typeof(IEnumerable) || type == typeof(IEnumerator)) return true;
        if (!type.IsGenericType) return false;
        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(IEnumerable<>) || definition == typeof(IEnumerator<>);
    }
}
