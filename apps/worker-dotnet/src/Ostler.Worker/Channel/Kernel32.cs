using System;
using System.Runtime.InteropServices;

namespace Ostler.Channel;

/// <summary>The calls of Windows that move the standard streams away from user code.</summary>
internal static unsafe class Kernel32
{
    public const int StandardInput = -10, StandardOutput = -11, StandardError = -12;
    public const uint Inherit = 1, GenericReadWrite = 0xC0000000, ShareReadWrite = 3, OpenExisting = 3;

    [DllImport("kernel32", SetLastError = true)] public static extern IntPtr GetStdHandle(int which);
    [DllImport("kernel32", SetLastError = true)] public static extern bool SetStdHandle(int which, IntPtr handle);
    [DllImport("kernel32", SetLastError = true)] public static extern bool SetHandleInformation(IntPtr handle, uint mask, uint flags);
    [DllImport("kernel32", SetLastError = true)] public static extern bool ReadFile(IntPtr handle, byte* into, int size, out int count, IntPtr overlapped);
    [DllImport("kernel32", SetLastError = true)] public static extern bool WriteFile(IntPtr handle, byte* from, int size, out int count, IntPtr overlapped);
    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    public static extern IntPtr CreateFileW(string path, uint access, uint share, IntPtr security, uint creation, uint flags, IntPtr template);
    [DllImport("kernel32", SetLastError = true)] public static extern IntPtr GetCurrentProcess();
    [DllImport("kernel32", SetLastError = true)] public static extern bool TerminateProcess(IntPtr process, uint code);
}
