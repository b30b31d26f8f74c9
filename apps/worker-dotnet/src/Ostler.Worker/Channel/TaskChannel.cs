using System;
using System.Globalization;

namespace Ostler.Channel;

/// <summary>Takes the channel that the pool has offered, so that no print, native library or child process reaches it.</summary>
internal static class TaskChannel
{
    public static ByteChannel Take()
    {
        var offered = Platform.TakeVariable("OSTLER_CHANNEL");
        if (Platform.IsWindows) return TakeHandles();
        return offered == null ? TakeStandardStreams() : TakeDescriptors(offered);
    }

    /// <summary>The descriptor of the ledger, or null.</summary>
    public static int? TakeLedger()
    {
        var offered = Platform.TakeVariable("OSTLER_LEDGER");
        if (string.IsNullOrEmpty(offered) || Platform.IsWindows || !BitConverter.IsLittleEndian) return null;
        var descriptor = int.Parse(offered, CultureInfo.InvariantCulture);
        Libc.Claim(descriptor);
        return descriptor;
    }

    private static ByteChannel TakeDescriptors(string offered)
    {
        var numbers = offered.Split(',');
        var (reads, writes) = (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
        Libc.Claim(reads);
        Libc.Claim(writes);
        NullStandardInput();
        return new UnixChannel(reads, writes);
    }

    private static ByteChannel TakeStandardStreams()
    {
        LeaveIfStartedByHand();
        var (reads, writes) = (Libc.dup(0), Libc.dup(1));
        Libc.Claim(reads);
        Libc.Claim(writes);
        NullStandardInput();
        Libc.dup2(2, 1);
        return new UnixChannel(reads, writes);
    }

    private static void NullStandardInput()
    {
        var nothing = Libc.open("/dev/null", Libc.ReadWrite);
        if (nothing == 0) return;
        Libc.dup2(nothing, 0);
        Libc.close(nothing);
    }

    private static ByteChannel TakeHandles()
    {
        LeaveIfStartedByHand();
        var (reads, writes) = (Kernel32.GetStdHandle(Kernel32.StandardInput), Kernel32.GetStdHandle(Kernel32.StandardOutput));
        Kernel32.SetHandleInformation(reads, Kernel32.Inherit, 0);
        Kernel32.SetHandleInformation(writes, Kernel32.Inherit, 0);
        var nothing = Kernel32.CreateFileW("NUL", Kernel32.GenericReadWrite, Kernel32.ShareReadWrite, IntPtr.Zero, Kernel32.OpenExisting, 0, IntPtr.Zero);
        Kernel32.SetHandleInformation(nothing, Kernel32.Inherit, Kernel32.Inherit);
        Kernel32.SetStdHandle(Kernel32.StandardInput, nothing);
        Kernel32.SetStdHandle(Kernel32.StandardOutput, Kernel32.GetStdHandle(Kernel32.StandardError));
        return new WindowsChannel(reads, writes);
    }

    private static void LeaveIfStartedByHand()
    {
        if (Console.IsInputRedirected) return;
        Console.Error.WriteLine("This is a worker of Ostler, started by a pool: new ProcessPool({ command: [...] })");
        Environment.Exit(1);
    }
}
