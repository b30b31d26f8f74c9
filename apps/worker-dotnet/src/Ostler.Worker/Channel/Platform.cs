using System;
using System.Runtime.InteropServices;

namespace Ostler.Channel;

/// <summary>What differs between Windows and the other systems.</summary>
internal static class Platform
{
    public static readonly bool IsWindows = RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>Ends the process at once, without a word to anybody.</summary>
    public static void ExitNow(int code)
    {
        if (IsWindows) Kernel32.TerminateProcess(Kernel32.GetCurrentProcess(), (uint)code);
        else Libc._exit(code);
    }

    /// <summary>The value of a variable that is meant for this process alone, and taken away from its children.</summary>
    public static string? TakeVariable(string name)
    {
        var value = Environment.GetEnvironmentVariable(name);
        if (value == null) return null;
        Environment.SetEnvironmentVariable(name, null); // only in .NET's own copy,
        if (!IsWindows) Libc.unsetenv(name); // which native code does not see
        return value;
    }
}
