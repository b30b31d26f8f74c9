using System;
using System.Threading;
using Ostler.Channel;

namespace Ostler.Tasks;

/// <summary>
/// The second thread: when a handler takes longer than one or two ticks it writes what is held back, and reads in the place
/// of the thread that runs handlers. One that always read would make every task change threads.
/// </summary>
internal sealed class StandIn
{
    private const int TickMs = 2;

    /// <summary>So long it keeps looking at a worker without tasks; then it sleeps until there are some.</summary>
    private const int QuietTicks = 50;

    private readonly Inbox _inbox;
    private readonly Outbox _outbox;
    private readonly AutoResetEvent _alarm = new(false);
    private int _isAwake;

    public StandIn(Inbox inbox, Outbox outbox)
    {
        (_inbox, _outbox) = (inbox, outbox);
        new Thread(Watch) { IsBackground = true, Name = "ostler" }.Start();
    }

    /// <summary>Called when tasks have come, after `Inbox.Turn` was set.</summary>
    public void Wake()
    {
        Thread.MemoryBarrier(); // first the turn, then this look; the other side does the reverse
        if (Volatile.Read(ref _isAwake) == 0 && Interlocked.Exchange(ref _isAwake, 1) == 0) _alarm.Set();
    }

    private void Watch()
    {
        object? seen = null;
        for (var quiet = 0; ; quiet = seen == null ? quiet + 1 : 0)
        {
            var turn = _inbox.Turn;
            if (turn != null && turn == seen)
            {
                _outbox.Flush();
                if (_inbox.ReadWhile(turn)) continue;
            }
            seen = turn;
            if (quiet > QuietTicks) Sleep();
            Thread.Sleep(TickMs);
        }
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref _isAwake, 0);
        if (_inbox.Turn == null) _alarm.WaitOne();
        Interlocked.Exchange(ref _isAwake, 1);
    }
}
