using System.Runtime.InteropServices;

namespace Ostler.Channel;

/// <summary>The few calls of the C library that .NET does not offer for any descriptor.</summary>
internal static unsafe class Libc
{
    public const int Eintr = 4, Eagain = 11;
    public const int ReadWrite = 2;
    private const int GetFlags = 3, SetFlags = 4, SetDescriptorFlags = 2, CloseOnExec = 1, NonBlocking = 0x800;

    /// <summary>Keeps a descriptor from our children, and lets reads and writes on it wait.</summary>
    public static void Claim(int descriptor)
    {
        fcntl(descriptor, SetDescriptorFlags, CloseOnExec);
        fcntl(descriptor, SetFlags, fcntl(descriptor, GetFlags, 0) & ~NonBlocking);
    }

    [DllImport("libc", SetLastError = true)] public static extern nint read(int descriptor, byte* into, nint size);
    [DllImport("libc", SetLastError = true)] public static extern nint write(int descriptor, byte* from, nint size);
    [DllImport("libc", SetLastError = true)] public static extern int open([MarshalAs(UnmanagedType.LPStr)] string path, int flags);
    [DllImport("libc", SetLastError = true)] public static extern int close(int descriptor);
    [DllImport("libc", SetLastError = true)] public static extern int dup(int descriptor);
    [DllImport("libc", SetLastError = true)] public static extern int dup2(int from, int to);
    [DllImport("libc", SetLastError = true)] public static extern int unsetenv([MarshalAs(UnmanagedType.LPStr)] string name);
    [DllImport("libc", SetLastError = true)] private static extern int fcntl(int descriptor, int command, nint argument);
    [DllImport("libc")] public static extern void _exit(int code);
}
