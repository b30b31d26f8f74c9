using System;
using System.IO;

namespace Ostler.Host;

/// <summary>What the command line asks for.</summary>
[Serializable]
public sealed class Options
{
    private const string Usage = "usage: ostler-host --assembly FILE.dll --type NAMESPACE.TYPE [--sta]";

    /// <summary>Full path of the task assembly.</summary>
    public string Assembly { get; private set; } = "";

    /// <summary>Full name of the type whose public methods are the handlers.</summary>
    public string Type { get; private set; } = "";

    /// <summary>Handlers run on a thread in a single-threaded apartment, as COM and GDI+ want it.</summary>
    public bool Sta { get; private set; }

    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var index = 0; index < args.Length; index++)
        {
            switch (args[index])
            {
                case "--assembly": options.Assembly = Path.GetFullPath(ValueOf(args, ref index)); break;
                case "--type": options.Type = ValueOf(args, ref index); break;
                case "--sta": options.Sta = true; break;
                default: throw new HostException($"unknown argument '{args[index]}'; {Usage}");
            }
        }
        if (options.Assembly == "") throw new HostException($"--assembly is missing; {Usage}");
        if (options.Type == "") throw new HostException($"--type is missing; {Usage}");
        return options;
    }

    private static string ValueOf(string[] args, ref int index)
    {
        var option = args[index];
        if (++index < args.Length && args[index] != "") return args[index];
        throw new HostException($"{option} has no value; {Usage}");
    }
}
