using System;
using System.Reflection;
using System.Threading;

namespace Ostler.Tasks;

/// <summary>
/// Makes handlers of methods. A parameter can be the input (any type, one at most), the <see cref="TaskContext"/>, the
/// CancellationToken or the <see cref="WorkerInfo"/>, in any order.
/// </summary>
internal static class HandlerFactory
{
    /// <summary>BindingFlags.DoNotWrapExceptions, which .NET Standard 2.0 does not name; .NET Framework ignores it.</summary>
    private const BindingFlags Unwrapped = (BindingFlags)0x02000000;

    public static Handler Create(string name, Delegate method)
    {
        var reply = ReplyKind.Of(method.Method.ReturnType);
        // The usual shape is called directly: nothing but the buffers is allocated on its way.
        if (method is Func<byte[], byte[]> bytes) return new Handler(name, task => bytes(BytesOf(task)), reply);
        if (method is Func<byte[], TaskContext, byte[]> withTask) return new Handler(name, task => withTask(BytesOf(task), task), reply);
        return new Handler(name, CallOf(name, method), reply);
    }

    private static byte[] BytesOf(TaskContext task) =>
        task.Encoding == Protocol.BodyEncoding.Bytes ? task.TakeBody() : (byte[])TaskInput.As(task, typeof(byte[]))!;

    private static Func<TaskContext, object?> CallOf(string name, Delegate method)
    {
        var parameters = method.GetType().GetMethod("Invoke")!.GetParameters();
        // A delegate to a static method may have its first argument bound, which is then no parameter of the delegate.
        var isPlain = method.Method.GetParameters().Length == parameters.Length;
        if (isPlain) parameters = method.Method.GetParameters(); // with the names that the user gave
        var sources = Array.ConvertAll(parameters, SourceOf);
        var inputs = Array.FindAll(parameters, IsInput);
        if (inputs.Length > 1)
        {
            throw new ArgumentException($"handler '{name}' has {inputs.Length} inputs ({inputs[0].Name}, {inputs[1].Name}, …); a task has one: take a class or a tuple of your own");
        }
        return task =>
        {
            var arguments = Array.ConvertAll(sources, source => source(task));
            return isPlain
                ? method.Method.Invoke(method.Target, Unwrapped, null, arguments, null)
                : method.DynamicInvoke(arguments);
        };
    }

    private static bool IsInput(ParameterInfo parameter) =>
        parameter.ParameterType != typeof(TaskContext) && parameter.ParameterType != typeof(CancellationToken) && parameter.ParameterType != typeof(WorkerInfo);

    private static Func<TaskContext, object?> SourceOf(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type == typeof(TaskContext)) return task => task;
        if (type == typeof(CancellationToken)) return task => task.CancellationToken;
        if (type == typeof(WorkerInfo)) return task => task.Worker;
        return task => TaskInput.As(task, type);
    }
}
