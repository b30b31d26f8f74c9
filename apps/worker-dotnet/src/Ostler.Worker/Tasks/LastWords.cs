using System;
using System.Threading;
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

    public LastWords(Inbox inbox, Outbox outbox, TaskVoice voice, Limits limits)
    {
        (_inbox, _outbox, _voice, _limits) = (inbox, outbox, voice, limits);
        AppDomain.CurrentDomain.UnhandledException += (_, happened) => OnUnhandled(happened.ExceptionObject);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => SendRest();
    }

    /// <summary>Runs on the thread that threw, so the task whose code that was is the current one, even if it was done long ago.</summary>
    private void OnUnhandled(object thrown)
    {
        SendRest();
        var owner = TaskContext.Current;
        var told = ErrorDescription.Of(thrown as Exception ?? new InvalidOperationException($"{thrown} was thrown"));
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
