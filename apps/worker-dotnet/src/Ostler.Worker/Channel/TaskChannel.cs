using System;
using System.Globalization;

namespace Ostler.Channel;

/// <summary>
/// What the pool has offered, taken so that no print, native library or child process reaches it. `ledger` is the ledger's file
/// as `Descriptors.Take` gives it, or null.
/// </summary>
internal sealed class TaskChannel(ByteChannel bytes, IntPtr? ledger)
{
    public ByteChannel Bytes => bytes;
    public IntPtr? Ledger => ledger;

    public static TaskChannel Take()
    {
        var system = Descriptors.OfThisSystem;
        var (offered, ledger) = (Platform.TakeVariable("OSTLER_CHANNEL"), Platform.TakeVariable("OSTLER_LEDGER"));
        if (offered != null && TakePrivate(system, offered) is { } channel)
        {
            system.NullStandardInput();
            return new TaskChannel(channel, TakeLedger(system, ledger));
        }
        if (offered != null) Console.Error.WriteLine($"ostler: the descriptors {offered} of OSTLER_CHANNEL are not there; the channel is stdin and stdout");
        LeaveIfStartedByHand();
        var (reads, writes) = system.MoveStandardStreams();
        system.NullStandardInput();
        return new TaskChannel(system.Open(reads, writes), null); // the number of a ledger may be somebody else's file
    }

    /// <summary>Null where a program between the pool and us has kept the descriptors.</summary>
    private static ByteChannel? TakePrivate(Descriptors system, string offered)
    {
        var numbers = offered.Split(',');
        var (reads, writes) = (system.Take(Number(numbers[0])), system.Take(Number(numbers[1])));
        return reads is { } from && writes is { } to ? system.Open(from, to) : null;
    }

    private static IntPtr? TakeLedger(Descriptors system, string? offered) =>
        string.IsNullOrEmpty(offered) || !BitConverter.IsLittleEndian ? null : system.Take(Number(offered!));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void LeaveIfStartedByHand()
    {
        if (Console.IsInputRedirected) return;
        Console.Error.WriteLine("This is a worker of Ostler, started by a pool: new ProcessPool({ command: [...] })");
        Environment.Exit(1);
    }
}
