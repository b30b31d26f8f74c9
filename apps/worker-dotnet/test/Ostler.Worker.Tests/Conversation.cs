using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ostler.Json;
using Ostler.Protocol;
using Ostler.Tasks;

namespace Ostler.Tests;

/// <summary>Plays the pool's part against a worker in this process: all that it says is prepared, then the channel ends.</summary>
internal sealed class Conversation
{
    private const uint Key = 0x1234;

    private static readonly Dictionary<uint, string> Names = new()
    {
        [FrameType.Result] = "RESULT", [FrameType.Failure] = "FAILURE", [FrameType.Chunk] = "CHUNK", [FrameType.End] = "END",
        [FrameType.Progress] = "PROGRESS", [FrameType.Log] = "LOG", [FrameType.Pong] = "PONG", [FrameType.Body] = "BODY",
    };

    private readonly MemoryStream _said = new();
    private uint _id;

    public uint MaxBody { get; init; } = 1 << 26;
    public uint MaxFrame { get; init; } = 1 << 20;

    public Conversation(string initData = "") => InitData = initData;

    /// <summary>Bytes that come in one read at most.</summary>
    public int Chunk { get; init; } = int.MaxValue;

    private string InitData { get; }

    public Conversation Task(byte[] body, string handler = "default", uint encoding = 0, uint flags = 0)
    {
        if (_id == 0) Welcome();
        return Say(Key, Frame.WordOf(FrameType.Task, flags, encoding), ++_id, Fields.Encode(1, Encoding.UTF8.GetBytes(handler)), body);
    }

    public Conversation Call(string json, string handler, uint flags = 0) => Task(Encoding.UTF8.GetBytes(json), handler, BodyEncoding.Json, flags);

    public Conversation Cancel(uint id) => Say(Key, Frame.WordOf(FrameType.Cancel), id, [], []);

    /// <summary>What the worker said between READY and its end, and its exit code: "RESULT 1 text", one in a line.</summary>
    public List<string> With(Worker worker)
    {
        if (_id == 0) Welcome();
        var channel = new MemoryChannel(_said.ToArray(), Chunk, capacity: (int)_said.Length + 4_096);
        var exitCode = new Session(worker.Parts, channel, null).Run();
        var limits = new Limits();
        var frames = new FrameReader(new MemoryChannel(channel.Written), limits);
        var heard = new List<string>();
        while (TryRead(frames, out var frame))
        {
            if (frame.Type == FrameType.Hello) limits.Key = Key;
            else if (frame.Type != FrameType.Ready) heard.Add(Describe(frame));
            if (frame is { Type: FrameType.Failure, Id: 0 }) break;
        }
        heard.Add($"exit {exitCode}");
        return heard;
    }

    private static bool TryRead(FrameReader frames, out Frame frame)
    {
        while (!frames.TryNext(out frame))
        {
            if (!frames.Fill()) return false;
        }
        return true;
    }

    private static string Describe(Frame frame)
    {
        var flags = string.Concat(new[] { (FrameFlag.More, " MORE"), (FrameFlag.Cancelled, " CANCELLED"), (FrameFlag.NotStarted, " NOT_STARTED") }
            .Where(flag => (frame.Flags & flag.Item1) != 0).Select(flag => flag.Item2));
        var body = frame.Type == FrameType.Failure ? ErrorOf(frame) : Encoding.UTF8.GetString(frame.Body.ToArray());
        return $"{Names[frame.Type]} {frame.Id}{flags} {body}".TrimEnd();
    }

    private static string ErrorOf(Frame frame)
    {
        var error = new JsonValue(JsonReader.Read(Encoding.UTF8.GetString(frame.Body.ToArray())));
        return $"{error["name"].AsString()}: {error["message"].AsString()}";
    }

    private void Welcome()
    {
        byte[] metadata = [.. Fields.Encode(32, Key), .. Fields.Encode(33, MaxBody), .. Fields.Encode(34, MaxFrame), .. Fields.Encode(35, 3u), .. Fields.Encode(36, 4u), .. Fields.Encode(38, 1u)];
        Say(0, Frame.WordOf(FrameType.Welcome, 0, BodyEncoding.Json), 0, metadata, Encoding.UTF8.GetBytes(InitData));
    }

    private Conversation Say(uint key, uint word, uint id, byte[] metadata, byte[] body)
    {
        var bytes = new byte[FrameLayout.SizeOf(metadata.Length, body.Length)];
        FrameLayout.Write(bytes, key, word, id, metadata, body);
        _said.Write(bytes, 0, bytes.Length);
        return this;
    }
}
