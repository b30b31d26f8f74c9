using System;
using System.Runtime.InteropServices;

namespace Ostler.Channel;

/// <summary>Windows' STARTUPINFOW: with what a process was started.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct StartupInfo
{
    public uint Size;
    public IntPtr Reserved, Desktop, Title;
    public fixed uint Window[7];
    public uint Flags;
    public ushort ShowWindow;
    /// <summary>cbReserved2 and lpReserved2; see <see cref="DescriptorBlock"/>.</summary>
    public ushort DescriptorsSize;
    public byte* Descriptors;
    public IntPtr StandardInput, StandardOutput, StandardError;
}
