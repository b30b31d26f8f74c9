using System;
using System.IO;

namespace Ostler.Host;

internal static partial class Hosting
{
    static partial void RefuseForeign(string path, TargetFramework framework)
    {
        if (framework.Name == ".NETFramework")
        {
            throw new HostException($"{Path.GetFileName(path)} is built for {framework}, this host runs .NET {Environment.Version}: it wants the ostler-host for net472 ({path})");
        }
        if (framework.Name == ".NETCoreApp" && framework.Version.Major > Environment.Version.Major)
        {
            throw new HostException($"{Path.GetFileName(path)} is built for {framework}, this host runs .NET {Environment.Version}: it wants a newer runtime ({path})");
        }
    }

    private static partial int Serve(Options options)
    {
        var context = new TaskLoadContext(options.Assembly);
        return Serving.Run(options, context.LoadFromAssemblyPath);
    }
}
