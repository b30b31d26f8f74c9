using System;
using System.Runtime.CompilerServices;
using Ostler.Channel;
using Ostler.Protocol;

namespace Ostler.Tasks;

/// <summary>What a worker still says when it dies by its own doing: of an uncaught error, or by Environment.Exit.</summary>
internal sealed class LastWords
{
    private readonly Inbox _inbox;
    private readonly Outbox _outbox;
    private readonly TaskVoice _voice;
    private readonly Limits _limits;

    /// <summary>
    /// Whose code an exception was thrown in. It is noted there and then, because threads and timers leave the context of
    /// their task before anybody hears that nobody has caught what was thrown in it.
    /// </summary>
    private readonly ConditionalWeakTable<Exception, TaskContext> _owners = new();

    public LastWords(Inbox inbox, Outbox outbox, TaskVoice voice, Limits limits)
    {
        (_inbox, _outbox, _voice, _limits) = (inbox, outbox, voice, limits);
        AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => NoteOwner(thrown.Exception);
        AppDomain.CurrentDomain.UnhandledException += (_, happened) => OnUnhandled(happened.ExceptionObject);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => SendRest();
    }

    /// <summary>Must not throw: that would be the next exception to note.</summary>
    private void NoteOwner(Exception thrown)
    {
        if (thrown is OutOfMemoryException or InsufficientExecutionStackException || TaskContext.Current is not { } task) return;
        _owners.GetValue(thrown, _ => task); // the first to throw it, where it is thrown again later
    }

    /// <summary>Runs on the thread that threw.</summary>
    private void OnUnhandled(object thrown)
    {
        SendRest();
        var error = thrown as Exception;
        var owner = error != null && _owners.TryGetValue(error, out var noted) ? noted : TaskContext.Current;
        var told = ErrorDescription.Of(error ?? new InvalidOperationException($"{thrown} was thrown"));
        if (owner != null) told["handler"] = owner.Handler;
        var word = Frame.WordOf(FrameType.LastWords, encoding: BodyEncoding.Json);
        _outbox.Send(word, owner?.Id ?? 0, Record.Encode(told, _limits.MaxFrame));
    }

    private void SendRest()
    {
        foreach (var task in _inbox.Begun()) CapturedWriter.SendPartial(_voice, task);
        _outbox.Flush();
    }
}
