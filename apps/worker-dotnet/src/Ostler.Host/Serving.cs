using System;
using System.Reflection;
using System.Threading;

namespace Ostler.Host;

/// <summary>Serves the handlers of a type until the pool closes the channel.</summary>
internal static class Serving
{
    /// <summary>`load` finds the assembly in the way of this host. Gives the exit code.</summary>
    public static int Run(Options options, Func<string, Assembly> load)
    {
        var worker = TaskType.ToWorker(TypeOf(Load(options, load), options));
        return options.Sta ? OnStaThread(worker) : worker.Run();
    }

    private static Assembly Load(Options options, Func<string, Assembly> load)
    {
        try
        {
            return load(options.Assembly);
        }
        catch (BadImageFormatException error)
        {
            throw new HostException($"{options.Assembly} is no .NET assembly", error);
        }
    }

    private static Type TypeOf(Assembly assembly, Options options)
    {
        Type? type;
        try
        {
            type = assembly.GetType(options.Type, throwOnError: false);
        }
        catch (Exception error) when (error is System.IO.IOException or TypeLoadException)
        {
            throw new HostException($"the type {options.Type} of {options.Assembly} can't be loaded: {error.Message}", error);
        }
        if (type != null) return type;
        var known = Array.ConvertAll(Array.FindAll(assembly.GetExportedTypes(), each => each.IsClass), each => each.FullName);
        throw new HostException($"there is no type '{options.Type}' in {options.Assembly}; it has {(known.Length == 0 ? "no public class" : string.Join(", ", known))}");
    }

    private static int OnStaThread(Worker worker)
    {
        var exitCode = 0;
        var thread = new Thread(() => exitCode = worker.Run());
#if !NET472
        if (!OperatingSystem.IsWindows()) throw new HostException("--sta: there are single-threaded apartments on Windows only");
#endif
        thread.SetApartmentState(ApartmentState.STA);
        thread.Start();
        thread.Join();
        return exitCode;
    }
}
