using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;

namespace Ostler.Host;

/// <summary>
/// A type as a worker. Each public method that it declares is a handler of that name, `Async` left out; the one called Run,
/// Execute or Default, or the only one, is also `default`. Init and Close are the hooks, and Dispose comes last. There is one
/// instance in each worker. A type with a public static method that takes nothing and gives a Worker says for itself what it serves.
/// </summary>
internal static class TaskType
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly HashSet<string> Defaults = new(StringComparer.Ordinal) { "Run", "Execute", "Default" };

    public static Worker ToWorker(Type type)
    {
        var maker = Array.Find(type.GetMethods(BindingFlags.Public | BindingFlags.Static), method => method.ReturnType == typeof(Worker) && method.GetParameters().Length == 0);
        return maker == null ? OfMethods(type) : (Worker)Call(type, maker.Name, () => maker.Invoke(null, null)!);
    }

    private static Worker OfMethods(Type type)
    {
        var methods = type.GetMethods(Public).Where(method => !method.IsSpecialName && !method.IsGenericMethodDefinition && method.Name != "Dispose").ToList();
        var instance = methods.All(method => method.IsStatic) ? null : Create(type);
        var worker = new Worker();
        var handlers = methods.Where(method => HookOf(method) == null).ToList();
        if (handlers.Count == 0) throw new HostException($"{type.FullName} has no public method that could be a handler");
        foreach (var method in handlers) Add(worker, NameOf(method), ToDelegate(method, instance), type);
        var standard = handlers.FirstOrDefault(method => Defaults.Contains(NameOf(method))) ?? (handlers.Count == 1 ? handlers[0] : null);
        if (standard != null) worker.Handle("default", ToDelegate(standard, instance));
        AddHooks(worker, methods, instance);
        return worker;
    }

    private static void Add(Worker worker, string name, Delegate handler, Type type)
    {
        try
        {
            worker.Handle(name, handler);
        }
        catch (ArgumentException error)
        {
            throw new HostException($"{type.FullName}: {error.Message}", error);
        }
    }

    private static void AddHooks(Worker worker, List<MethodInfo> methods, object? instance)
    {
        var init = methods.FirstOrDefault(method => HookOf(method) == "Init");
        var close = methods.FirstOrDefault(method => HookOf(method) == "Close");
        if (init != null) worker.OnInit(ToDelegate(init, instance));
        if (close != null) worker.OnClose(ToDelegate(close, instance));
        else if (instance is IDisposable disposable) worker.OnClose((Action)disposable.Dispose);
    }

    private static object Create(Type type)
    {
        try
        {
            return Call(type, "the constructor", () => Activator.CreateInstance(type)!);
        }
        catch (MissingMethodException error)
        {
            throw new HostException($"{type.FullName} needs a public constructor without parameters", error);
        }
    }

    private static object Call(Type type, string what, Func<object> call)
    {
        try
        {
            return call();
        }
        catch (TargetInvocationException error)
        {
            var cause = error.InnerException ?? error;
            throw new HostException($"{what} of {type.FullName} failed: {cause.GetType().Name}: {cause.Message}", cause);
        }
    }

    private static string NameOf(MethodInfo method) =>
        method.Name.EndsWith("Async", StringComparison.Ordinal) && method.Name.Length > 5 ? method.Name.Substring(0, method.Name.Length - 5) : method.Name;

    private static string? HookOf(MethodInfo method) => NameOf(method) is "Init" or "Close" ? NameOf(method) : null;

    private static Delegate ToDelegate(MethodInfo method, object? instance)
    {
        var types = method.GetParameters().Select(parameter => parameter.ParameterType).Concat([method.ReturnType]);
        return method.CreateDelegate(Expression.GetDelegateType(types.ToArray()), method.IsStatic ? null : instance);
    }
}
