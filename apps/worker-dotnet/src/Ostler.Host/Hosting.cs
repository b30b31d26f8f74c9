using System.IO;

namespace Ostler.Host;

/// <summary>Loads the task assembly in the way of this host's runtime, and serves it.</summary>
internal static partial class Hosting
{
    public static int Run(Options options)
    {
        if (!File.Exists(options.Assembly)) throw new HostException($"--assembly: there is no file {options.Assembly}");
        if (TargetFramework.Of(options.Assembly) is { } framework) RefuseForeign(options.Assembly, framework);
        // Before it is loaded: Mono would take it, and .NET says it in words of its own.
        if (Bitness.Mismatch(options.Assembly) is { } mismatch) throw new HostException(mismatch);
        return Serve(options);
    }

    /// <summary>Throws for an assembly that is made for another runtime, and says which host it wants.</summary>
    static partial void RefuseForeign(string path, TargetFramework framework);

    private static partial int Serve(Options options);
}
