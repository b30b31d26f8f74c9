using System;
using System.Collections.Generic;
using System.Reflection;
using System.Threading.Tasks;
using Ostler.Json;

namespace Ostler.Tasks;

/// <summary>Runs a worker's `init` or `close`, sync or async; it takes what it has parameters for.</summary>
internal static class Hook
{
    public static void Run(Delegate? hook, object? data = null, WorkerInfo? info = null)
    {
        if (hook == null) return;
        var arguments = Array.ConvertAll(hook.GetType().GetMethod("Invoke")!.GetParameters(), parameter =>
            parameter.ParameterType == typeof(WorkerInfo) ? info : JsonBinder.Bind(data, parameter.ParameterType));
        try
        {
            var result = hook.DynamicInvoke(arguments);
            var kind = ReplyKind.Of(hook.Method.ReturnType);
            if (kind.IsLater && result != null) kind.ToTask(result).GetAwaiter().GetResult();
        }
        catch (TargetInvocationException thrown) when (thrown.InnerException != null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(thrown.InnerException).Throw();
        }
    }
}
