using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace Ostler.Channel;

/// <summary>The calls of Windows that make a channel and a ledger, and move the standard streams away from user code.</summary>
internal static unsafe class Kernel32
{
    public const int StandardInput = -10, StandardOutput = -11, StandardError = -12;
    public const uint Inherit = 1, GenericReadWrite = 0xC0000000, ShareReadWrite = 3, OpenExisting = 3;
    public const uint UnknownType = 0, PageReadWrite = 4, MapReadWrite = 6;

    [DllImport("kernel32")] public static extern void GetStartupInfoW(out StartupInfo startup);
    [DllImport("kernel32", SetLastError = true)] public static extern uint GetFileType(IntPtr handle);
    [DllImport("kernel32", SetLastError = true)] public static extern IntPtr GetStdHandle(int which);
    [DllImport("kernel32", SetLastError = true)] public static extern bool SetStdHandle(int which, IntPtr handle);
    [DllImport("kernel32", SetLastError = true)] public static extern bool SetHandleInformation(IntPtr handle, uint mask, uint flags);
    [DllImport("kernel32", SetLastError = true)] public static extern bool CloseHandle(IntPtr handle);
    [DllImport("kernel32", SetLastError = true)] public static extern bool ReadFile(IntPtr handle, byte* into, int size, out int count, NativeOverlapped* at);
    [DllImport("kernel32", SetLastError = true)] public static extern bool WriteFile(IntPtr handle, byte* from, int size, out int count, NativeOverlapped* at);
    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    public static extern IntPtr CreateFileW(string path, uint access, uint share, IntPtr security, uint creation, uint flags, IntPtr template);
    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    public static extern IntPtr CreateFileMappingW(IntPtr file, IntPtr security, uint protection, uint sizeHigh, uint sizeLow, string? name);
    [DllImport("kernel32", SetLastError = true)] public static extern byte* MapViewOfFile(IntPtr mapping, uint access, uint atHigh, uint atLow, UIntPtr size);
    [DllImport("kernel32", SetLastError = true)] public static extern bool UnmapViewOfFile(byte* memory);
    [DllImport("kernel32", SetLastError = true)] public static extern IntPtr GetCurrentProcess();
    [DllImport("kernel32", SetLastError = true)] public static extern bool TerminateProcess(IntPtr process, uint code);
}
