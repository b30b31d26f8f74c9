using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using Ostler.Json;

namespace Ostler.Tasks;

/// <summary>How a worker introduces itself.</summary>
internal static class Hello
{
    public const int ProtocolVersion = 1;

    public static byte[] Encode(IEnumerable<string> handlers, bool hasLedger)
    {
        var framework = RuntimeInformation.FrameworkDescription; // ".NET 10.0.1", ".NET Framework 4.8.1", "Mono 6.8.0.105 (…)"
        var split = Array.FindIndex(framework.ToCharArray(), char.IsDigit);
        var capabilities = new List<string> { "cancel", "stream", "progress", "log", "recall", "concurrency" };
        if (hasLedger) capabilities.Add("ledger");
        using var self = Process.GetCurrentProcess();
        return ValueEncoder.Encode(new Dictionary<string, object?>
        {
            ["protocol"] = new Dictionary<string, object?> { ["min"] = ProtocolVersion, ["max"] = ProtocolVersion },
            ["sdk"] = new Dictionary<string, object?> { ["name"] = "ostler-dotnet", ["version"] = typeof(Hello).Assembly.GetName().Version?.ToString(3) ?? "0" },
            ["runtime"] = new Dictionary<string, object?>
            {
                ["name"] = split > 0 ? framework.Substring(0, split).Trim() : framework,
                ["version"] = split > 0 ? framework.Substring(split).Split(' ')[0] : "",
            },
            ["pid"] = self.Id,
            ["capabilities"] = capabilities,
            ["handlers"] = handlers.Select(name => new Dictionary<string, object?> { ["name"] = name }),
        }, out _);
    }
}
