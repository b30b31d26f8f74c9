using System;
using System.Reflection;
using System.Runtime.Loader;

namespace Ostler.Host;

/// <summary>Where a task's assembly and all that it brings are loaded, by its .deps.json and its folder. The SDK is the host's own.</summary>
internal sealed class TaskLoadContext(string path) : AssemblyLoadContext("task")
{
    private static readonly string Sdk = typeof(Worker).Assembly.GetName().Name!;
    private readonly AssemblyDependencyResolver _resolver = new(path);

    protected override Assembly? Load(AssemblyName name)
    {
        if (name.Name == Sdk) return null; // its types must be the same on both sides
        var found = _resolver.ResolveAssemblyToPath(name);
        return found == null ? null : LoadFromAssemblyPath(found);
    }

    protected override nint LoadUnmanagedDll(string name)
    {
        var found = _resolver.ResolveUnmanagedDllToPath(name);
        return found == null ? 0 : LoadUnmanagedDllFromPath(found);
    }
}
