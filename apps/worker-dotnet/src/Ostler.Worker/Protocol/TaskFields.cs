using System;
using System.Collections.Generic;
using Ostler.Json;

namespace Ostler.Protocol;

/// <summary>What the metadata of a TASK say. Tasks with the same metadata share one of these.</summary>
internal sealed class TaskFields
{
    private static readonly Dictionary<string, string> NoMetadata = new();

    public readonly string Handler = "default";
    public readonly uint? RemainingMs;
    public readonly uint Attempt = 1;
    public readonly string Tenant = "";
    public readonly string? IdempotencyKey, TraceParent, TraceState;
    public readonly IReadOnlyDictionary<string, string> Metadata = NoMetadata;

    public TaskFields(ReadOnlySpan<byte> metadata)
    {
        if (metadata.IsEmpty) return;
        var fields = new Fields(metadata);
        Handler = fields.Text(1) ?? Handler;
        RemainingMs = fields.Number(2);
        Attempt = fields.Number(3) ?? Attempt;
        Tenant = fields.Text(4) ?? Tenant;
        IdempotencyKey = fields.Text(5);
        TraceParent = fields.Text(6);
        TraceState = fields.Text(7);
        if (fields.Text(8) is { } json) Metadata = Strings(json);
    }

    private static Dictionary<string, string> Strings(string json)
    {
        var strings = new Dictionary<string, string>();
        try
        {
            if (JsonReader.Read(json) is not Dictionary<string, object?> members) throw new FormatException();
            foreach (var member in members) strings[member.Key] = member.Value as string ?? throw new FormatException();
            return strings;
        }
        catch (FormatException)
        {
            throw new DamageException("the metadata of a task is not a JSON object of strings");
        }
    }
}
