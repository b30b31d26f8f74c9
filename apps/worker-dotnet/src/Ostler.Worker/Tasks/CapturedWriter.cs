using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Ostler.Tasks;

/// <summary>
/// Stands in for Console.Out or Console.Error: text that a task writes becomes its log lines, other text goes where it
/// always went. What native code and child processes print is not seen here: it stays on the pipes.
/// </summary>
internal sealed class CapturedWriter(TaskVoice voice, string source, TextWriter outside) : TextWriter
{
    private const int MaxLine = 65_536;

    /// <summary>Only \n ends a line here, as on every terminal; the \r of a Windows line end is dropped.</summary>
    public override Encoding Encoding => outside.Encoding;

    public static void Install(TaskVoice voice)
    {
        Console.SetOut(new CapturedWriter(voice, "stdout", Console.Out));
        Console.SetError(new CapturedWriter(voice, "stderr", Console.Error));
        Console.SetIn(TextReader.Null);
    }

    /// <summary>Sends the lines that a task has begun and will not end.</summary>
    public static void SendPartial(TaskVoice voice, TaskContext task)
    {
        var partial = task.Partial;
        if (partial == null) return;
        foreach (var source in new[] { "stdout", "stderr" })
        {
            string rest;
            lock (partial)
            {
                rest = partial.Of(source).ToString();
                partial.Of(source).Clear();
            }
            if (rest.Length > 0) voice.Lines(task, source, [rest]);
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        var task = TaskContext.Current;
        if (task == null || task.IsDone)
        {
            outside.Write(value);
            outside.Flush();
            return;
        }
        var partial = task.Partial;
        if (partial == null)
        {
            System.Threading.Interlocked.CompareExchange(ref task.Partial, new PartialLines(), null);
            partial = task.Partial!;
        }
        var lines = new List<string>();
        lock (partial) TakeLines(partial.Of(source), value!, lines);
        if (lines.Count > 0) voice.Lines(task, source, lines);
    }

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Flush() => outside.Flush();

    private static void TakeLines(StringBuilder rest, string text, List<string> lines)
    {
        var start = 0;
        for (var end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n', start))
        {
            rest.Append(text, start, end - start);
            TakeLine(rest, lines);
            start = end + 1;
        }
        rest.Append(text, start, text.Length - start);
        if (rest.Length > MaxLine) TakeLine(rest, lines);
    }

    private static void TakeLine(StringBuilder rest, List<string> lines)
    {
        if (rest.Length > 0 && rest[rest.Length - 1] == '\r') rest.Length--;
        for (var at = 0; at < rest.Length || at == 0; at += MaxLine) lines.Add(rest.ToString(at, Math.Min(MaxLine, rest.Length - at)));
        rest.Clear();
    }
}
