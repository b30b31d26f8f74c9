using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using Ostler.Channel;
using Ostler.Json;
using Ostler.Protocol;

namespace Ostler.Tasks;

/// <summary>One conversation with the pool, from HELLO to the end of the channel.</summary>
internal sealed class Session
{
    private static readonly long HoldTicks = Stopwatch.Frequency * 150 / 1_000_000; // a reply may wait so long for company

    private readonly WorkerParts _parts;
    private readonly Limits _limits = new();
    private readonly BodyAssembler _bodies = new();
    private readonly FrameReader _frames;
    private readonly Outbox _outbox;
    private readonly TaskVoice _voice;
    private readonly Inbox _inbox;
    private readonly TaskRunner _runner;
    private readonly IntPtr? _ledger;
    private uint _concurrency;
    private object? _initData;

    /// <summary>`ledger` is the ledger's file as `Descriptors.Take` gives it, if the pool has offered one.</summary>
    public Session(WorkerParts parts, ByteChannel channel, IntPtr? ledger)
    {
        _parts = parts;
        _ledger = ledger;
        _frames = new FrameReader(channel, _limits);
        _outbox = new Outbox(channel, _limits);
        _voice = new TaskVoice(_outbox, _limits);
        _inbox = new Inbox(_frames, _bodies, _voice)
        {
            OnPing = id => _outbox.Send(Frame.WordOf(FrameType.Pong), id, default),
            OnGivenBack = GiveBack,
            OnDamage = LeaveDamaged,
        };
        _runner = new TaskRunner(parts.Handlers, _inbox, _outbox, _voice, _limits);
    }

    /// <summary>Serves until the pool closes the channel; gives the exit code.</summary>
    public int Run()
    {
        try
        {
            _outbox.Send(Frame.WordOf(FrameType.Hello, encoding: BodyEncoding.Json), 0, Hello.Encode(_parts.Handlers.Keys, _ledger != null));
            if (!ShakeHands()) return 0; // the pool closed the channel before it said a word
        }
        catch (DamageException damage)
        {
            LeaveDamaged(damage);
        }
        CapturedWriter.Install(_voice);
        Console.CancelKeyPress += (_, pressed) => pressed.Cancel = true; // Ctrl-C is the pool's
        if (!Initialize()) return 1;
        _ = new LastWords(_inbox, _outbox, _voice, _limits);
        _outbox.Send(Frame.WordOf(FrameType.Ready), 0, default);
        if (_concurrency > 1) ServeTogether();
        else ServeInTurn();
        TaskContext.Current = null;
        Hook.Run(_parts.Close);
        _outbox.Flush();
        return 0;
    }

    private bool ShakeHands()
    {
        Welcome? welcome = null;
        while (true)
        {
            while (_frames.TryNext(out var frame))
            {
                if (frame.Type == FrameType.Welcome && welcome == null)
                {
                    welcome = new Welcome(frame.Metadata);
                    _bodies.MaxBody = welcome.MaxBody;
                }
                else if (frame.Type != FrameType.Body)
                {
                    throw new DamageException($"expected WELCOME, got a frame of type {frame.Type}");
                }
                if (!_bodies.TryJoin(frame, out var whole)) continue;
                Accept(welcome ?? throw new DamageException("a BODY before WELCOME"), whole);
                return true;
            }
            if (!_frames.Fill()) return false;
        }
    }

    private void Accept(Welcome welcome, in Frame whole)
    {
        (_limits.Key, _limits.MaxFrame, _limits.MaxBody) = (welcome.Key, welcome.MaxFrame, welcome.MaxBody);
        _concurrency = welcome.Concurrency;
        _voice.Welcome(welcome);
        if (_ledger is { } file)
        {
            var ledger = welcome.LedgerSize > 128 ? ReplyLedger.Map(file, welcome.LedgerSize) : null;
            if (ledger != null) _outbox.UseLedger(ledger);
            Descriptors.OfThisSystem.Close(file);
        }
        if (welcome.Version != Hello.ProtocolVersion)
        {
            _failure = new InvalidOperationException($"the pool speaks protocol {welcome.Version}, this worker speaks protocol {Hello.ProtocolVersion}");
        }
        else if (whole.Body.Count > 0)
        {
            _initData = ValueDecoder.Decode(whole.Encoding, whole.Body.AsSpan().ToArray());
        }
    }

    private Exception? _failure;

    private bool Initialize()
    {
        try
        {
            if (_failure != null) throw _failure;
            Hook.Run(_parts.Init, _initData, _voice.Info);
            return true;
        }
        catch (Exception error)
        {
            var body = Record.Encode(ErrorDescription.Of(error), _limits.MaxFrame);
            _outbox.Send(Frame.WordOf(FrameType.Failure, encoding: BodyEncoding.Json), 0, body);
            Console.Error.WriteLine(error);
            return false;
        }
    }

    private void ServeInTurn()
    {
        var standIn = new StandIn(_inbox, _outbox);
        while (_inbox.WaitForTasks())
        {
            standIn.Wake();
            var since = 0L;
            while (_inbox.Take() is { } task)
            {
                var now = task.BeganAt = Stopwatch.GetTimestamp();
                if (_outbox.Held == 0) since = now;
                else if (_outbox.Held >= _inbox.Quarter || now - since > HoldTicks)
                {
                    _outbox.Flush();
                    since = now;
                }
                var later = _runner.Run(task);
                if (later == null) continue;
                _outbox.Flush();
                later.Wait();
            }
            _outbox.Flush();
        }
    }

    /// <summary>Every task on a thread of the pool of threads, as it comes; the pool sends no more than may run at once.</summary>
    private void ServeTogether()
    {
        _inbox.OnTask = task =>
        {
            _inbox.Remember(task);
            ThreadPool.QueueUserWorkItem(_ => RunBesideOthers(task));
        };
        _inbox.WaitUntil(() => false);
        _inbox.WaitUntilIdle();
    }

    private async void RunBesideOthers(TaskContext task)
    {
        task.BeganAt = Stopwatch.GetTimestamp();
        var later = _runner.Run(task);
        if (later != null) await later.ConfigureAwait(false);
        _outbox.Flush();
    }

    private void GiveBack(uint id)
    {
        var body = Record.Encode(ErrorDescription.Of(new OperationCanceledException("the caller gave up before it began")), _limits.MaxFrame);
        _outbox.Send(Frame.WordOf(FrameType.Failure, FrameFlag.Cancelled | FrameFlag.NotStarted, BodyEncoding.Json), id, body);
    }

    private void LeaveDamaged(DamageException damage)
    {
        _outbox.Flush();
        using (var error = Console.OpenStandardError())
        {
            var line = Utf8.Lenient.GetBytes($"ostler: damage on the task channel: {damage.Message}\n");
            error.Write(line, 0, line.Length);
        }
        Platform.ExitNow(70);
    }
}
