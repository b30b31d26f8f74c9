using System;
using System.IO;
using System.Text;

namespace Ostler.Host;

/// <summary>The framework that an assembly was built for, as its TargetFrameworkAttribute says.</summary>
internal sealed class TargetFramework
{
    private static readonly string[] Names = [".NETFramework", ".NETCoreApp", ".NETStandard"];

    private TargetFramework(string name, Version version) => (Name, Version) = (name, version);

    public string Name { get; }
    public Version Version { get; }

    public override string ToString() => Name switch
    {
        ".NETFramework" => $".NET Framework {Version}",
        ".NETCoreApp" => $".NET {Version}",
        _ => $".NET Standard {Version}",
    };

    /// <summary>Null where the file does not say. The attribute's text stands in the file as it is, so nothing has to be loaded.</summary>
    public static TargetFramework? Of(string path)
    {
        var text = Encoding.ASCII.GetString(File.ReadAllBytes(path));
        foreach (var name in Names)
        {
            var start = text.IndexOf($"{name},Version=v", StringComparison.Ordinal);
            if (start < 0) continue;
            var at = start + name.Length + ",Version=v".Length;
            var end = at;
            while (end < text.Length && (char.IsDigit(text[end]) || text[end] == '.')) end++;
            if (Version.TryParse(text.Substring(at, end - at), out var version)) return new TargetFramework(name, version);
        }
        return null;
    }
}
