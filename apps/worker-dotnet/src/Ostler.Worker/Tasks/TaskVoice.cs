using System;
using System.Collections;
using System.Collections.Generic;
using Ostler.Channel;
using Ostler.Json;
using Ostler.Protocol;

namespace Ostler.Tasks;

/// <summary>All that a worker says beside its replies.</summary>
internal sealed class TaskVoice(Outbox outbox, Limits limits)
{
    private static readonly uint LogWord = Frame.WordOf(FrameType.Log, encoding: BodyEncoding.Json);
    private static readonly uint ProgressWord = Frame.WordOf(FrameType.Progress, encoding: BodyEncoding.Json);

    /// <summary>Known since WELCOME.</summary>
    public WorkerInfo Info => _info ?? throw new InvalidOperationException("there was no WELCOME yet");

    private WorkerInfo? _info;

    public void Welcome(Welcome welcome) => _info = new WorkerInfo(this, welcome.Slot, welcome.WorkerId, welcome.PoolName);

    public void Progress(TaskContext task, byte[] body)
    {
        if (body.Length > limits.MaxFrame) throw new BodyTooLargeException("a progress value", body.Length, limits.MaxFrame);
        if (!task.IsDone) outbox.Send(ProgressWord, task.Id, body);
    }

    public void Log(TaskContext? task, string level, string message, object? fields)
    {
        var record = new Dictionary<string, object?> { ["level"] = level, ["message"] = message };
        if (FieldsOf(fields) is { Count: > 0 } told) record["fields"] = told;
        outbox.Send(LogWord, NameOf(task), Record.Encode(record, limits.MaxFrame));
    }

    /// <summary>Printed lines of a task: many at once, because a write for each would take most of the time.</summary>
    public void Lines(TaskContext? task, string source, List<string> lines)
    {
        var bodies = new List<byte[]>(lines.Count);
        var level = source == "stderr" ? "error" : "info";
        foreach (var line in lines)
        {
            var record = new Dictionary<string, object?> { ["level"] = level, ["message"] = line, ["source"] = source };
            bodies.Add(Record.Encode(record, limits.MaxFrame));
        }
        outbox.SendAll(LogWord, NameOf(task), bodies);
    }

    private static uint NameOf(TaskContext? task) => task == null || task.IsDone ? 0 : task.Id;

    private static Dictionary<string, object?> FieldsOf(object? fields)
    {
        var told = new Dictionary<string, object?>();
        switch (fields)
        {
            case null:
                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                foreach (var pair in pairs) told[pair.Key] = Plain(pair.Value);
                break;
            case IDictionary members:
                foreach (DictionaryEntry member in members) told[member.Key.ToString() ?? ""] = Plain(member.Value);
                break;
            case string or ValueType:
                told["value"] = Plain(fields);
                break;
            default:
                foreach (var property in TypeShape.Of(fields.GetType()).Readable) told[property.Name] = Plain(property.Get(fields));
                break;
        }
        return told;
    }

    private static object? Plain(object? value) => JsonText.CanHold(value) ? value : value!.ToString();
}
