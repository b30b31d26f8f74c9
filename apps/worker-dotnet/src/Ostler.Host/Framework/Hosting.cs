using System;
using System.IO;
using System.Reflection;

namespace Ostler.Host;

internal static partial class Hosting
{
    static partial void RefuseForeign(string path, TargetFramework framework)
    {
        if (framework.Name != ".NETCoreApp") return;
        throw new HostException($"{Path.GetFileName(path)} is built for {framework}, this host runs .NET Framework: it wants the modern ostler-host ({path})");
    }

    /// <summary>
    /// In an application domain of its own: with the task's folder as its base, and with its X.dll.config, so that appSettings,
    /// connection strings and binding redirects are those that the assembly was made for.
    /// </summary>
    private static partial int Serve(Options options)
    {
        var config = options.Assembly + ".config";
        var setup = new AppDomainSetup
        {
            ApplicationBase = Path.GetDirectoryName(options.Assembly),
            ConfigurationFile = File.Exists(config) ? config : null,
        };
        var domain = AppDomain.CreateDomain("task", null, setup);
        var entry = (DomainEntry)domain.CreateInstanceFromAndUnwrap(Assembly.GetExecutingAssembly().Location, typeof(DomainEntry).FullName);
        return entry.Run(options, AppDomain.CurrentDomain.BaseDirectory);
    }
}

/// <summary>The host's hand inside the task's application domain.</summary>
public sealed class DomainEntry : MarshalByRefObject
{
    /// <summary>It lives as long as the process.</summary>
    public override object? InitializeLifetimeService() => null;

    public int Run(Options options, string hostFolder)
    {
        // What the task does not bring (the SDK, this program) is beside the host; versions are the host's then.
        AppDomain.CurrentDomain.AssemblyResolve += (_, wanted) =>
        {
            var file = Path.Combine(hostFolder, new AssemblyName(wanted.Name).Name + ".dll");
            return File.Exists(file) ? Assembly.LoadFrom(file) : null;
        };
        return Start(options);
    }

    private static int Start(Options options) => Serving.Run(options, Assembly.LoadFrom);
}
