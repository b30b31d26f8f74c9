using System;
using Ostler.Host;

// A task assembly is loaded by a host that is ready: a team ships a DLL and no Main.
try
{
    return Hosting.Run(Options.Parse(args));
}
catch (HostException error)
{
    Console.Error.WriteLine($"ostler-host: {error.Message}");
    return HostException.ExitCode;
}
