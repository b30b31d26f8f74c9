using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Ostler.Protocol;

namespace Ostler.Tasks;

/// <summary>
/// What has come from the pool. Any thread may read the channel, one at a time: the one that runs handlers does when it has
/// nothing to do, and the <see cref="StandIn"/> does while a handler takes long.
/// </summary>
internal sealed class Inbox(FrameReader frames, BodyAssembler bodies, TaskVoice voice)
{
    /// <summary>In the place of the current task, where somebody is busy but with none.</summary>
    public static readonly object Busy = new();

    private readonly object _gate = new();
    private readonly Queue<TaskContext> _waiting = new();
    private readonly Dictionary<uint, TaskContext> _running = new();
    private readonly TaskFieldsCache _fields = new();
    private readonly HashSet<uint> _cancelledOnArrival = new();
    private readonly List<TaskContext> _arrived = new();
    private Func<bool>? _hasWaiting;
    private TaskCompletionSource<bool>? _change;
    private bool _isRead, _ended;
    private object? _turn = Busy;

    /// <summary>Called without the gate, by whoever reads.</summary>
    public Action<uint>? OnPing;

    /// <summary>Called without the gate, by whoever reads.</summary>
    public Action<DamageException>? OnDamage;

    /// <summary>Called by whoever reads, with the gate where the task was waiting, so it must take no other lock that is held while somebody asks for the gate.</summary>
    public Action<uint>? OnGivenBack;

    /// <summary>Where tasks run at once: takes each as it comes.</summary>
    public Action<TaskContext>? OnTask;

    /// <summary>What the thread that runs handlers does: a task, something else (`Busy`), or nothing (null).</summary>
    public object? Turn => Volatile.Read(ref _turn);

    /// <summary>A quarter of what was waiting at the last delivery: so many replies go out together.</summary>
    public int Quarter { get; private set; } = 1;

    /// <summary>The next waiting task, which begins now; null if there is none.</summary>
    public TaskContext? Take()
    {
        lock (_gate)
        {
            while (_waiting.Count > 0)
            {
                var task = _waiting.Dequeue();
                if (task.IsGivenBack) continue;
                Volatile.Write(ref _turn, task);
                return task;
            }
            return null;
        }
    }

    /// <summary>Reads until there may be tasks; false when there will be none.</summary>
    public bool WaitForTasks()
    {
        Volatile.Write(ref _turn, null);
        var any = WaitUntil(_hasWaiting ??= () => _waiting.Count > 0);
        Volatile.Write(ref _turn, Busy);
        return any;
    }

    /// <summary>Waits, and reads where nobody else does, until something is so or nothing more will come: false then.</summary>
    public bool WaitUntil(Func<bool> isSo)
    {
        lock (_gate)
        {
            while (!isSo())
            {
                if (_ended) return false;
                if (_isRead) Monitor.Wait(_gate);
                else ReadOnce();
            }
            return true;
        }
    }

    /// <summary>Reads in the place of a thread that is busy with `turn`, until it is not; false if there is nothing to read.</summary>
    public bool ReadWhile(object turn)
    {
        lock (_gate)
        {
            if (_isRead || _ended) return false;
            do ReadOnce();
            while (!_ended && Turn == turn);
            return true;
        }
    }

    /// <summary>A task that runs beside others; `Forget` ends that.</summary>
    public void Remember(TaskContext task)
    {
        lock (_gate) _running[task.Id] = task;
    }

    public void Forget(TaskContext task)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(task.Id, out var running) && running == task) _running.Remove(task.Id);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until no task runs beside others.</summary>
    public void WaitUntilIdle()
    {
        lock (_gate)
        {
            while (_running.Count > 0) Monitor.Wait(_gate);
        }
    }

    /// <summary>Ends when something may have come since `isSo` was false; for code that must not block.</summary>
    public Task Change(Func<bool> isSo)
    {
        lock (_gate)
        {
            if (isSo() || _ended) return Task.CompletedTask;
            _change ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _change.Task;
        }
    }

    /// <summary>Whether no frame will come any more.</summary>
    public bool HasEnded
    {
        get { lock (_gate) return _ended; }
    }

    public void Spend(TaskContext task, int bytes)
    {
        lock (_gate) task.Credit -= bytes;
    }

    /// <summary>The tasks that have begun and are not done.</summary>
    public List<TaskContext> Begun()
    {
        lock (_gate)
        {
            var begun = new List<TaskContext>(_running.Values);
            if (Turn is TaskContext { IsDone: false } task) begun.Add(task);
            return begun;
        }
    }

    /// <summary>One read, without the gate; what came is dealt with. The caller holds the gate, and nobody else reads.</summary>
    private void ReadOnce()
    {
        _isRead = true;
        Monitor.Exit(_gate);
        var arrived = _arrived;
        var goesOn = false;
        try
        {
            goesOn = ReceiveAll(arrived) || frames.Fill(); // what came together with WELCOME is there already
            if (goesOn) ReceiveAll(arrived);
        }
        catch (DamageException damage)
        {
            OnDamage!(damage);
        }
        finally
        {
            Monitor.Enter(_gate);
            Deliver(arrived);
            _isRead = false;
            _ended = !goesOn;
            _change?.SetResult(true);
            _change = null;
            Monitor.PulseAll(_gate);
        }
    }

    private bool ReceiveAll(List<TaskContext> arrived)
    {
        var any = false;
        for (; frames.TryNext(out var frame); any = true) Receive(frame, arrived);
        return any;
    }

    private void Receive(in Frame frame, List<TaskContext> arrived)
    {
        if (!bodies.TryJoin(frame, out var whole)) return;
        switch (whole.Type)
        {
            case FrameType.Task:
                if (_cancelledOnArrival.Remove(whole.Id)) OnGivenBack!(whole.Id);
                else arrived.Add(Accept(whole, isCopied: whole.Body.Array != frame.Body.Array));
                break;
            case FrameType.Welcome:
                throw new DamageException("a second WELCOME");
            case FrameType.Ping:
                OnPing!(whole.Id);
                break;
            case FrameType.Cancel:
                DeliverNow(arrived); // the task may have come in the same read
                Cancel(whole.Id, unlessBegun: (whole.Flags & FrameFlag.NotStarted) != 0);
                break;
            case FrameType.Credit:
                AddCredit(whole.Id, new Fields(whole.Metadata).RequiredNumber(48));
                break;
        }
    }

    private TaskContext Accept(in Frame frame, bool isCopied)
    {
        var body = isCopied ? frame.Body.Array! : frame.Body.AsSpan().ToArray();
        return new TaskContext(voice, frame.Id, frame.Word, _fields.Decode(frame.Metadata), body);
    }

    private void DeliverNow(List<TaskContext> arrived)
    {
        lock (_gate) Deliver(arrived);
    }

    private void Deliver(List<TaskContext> arrived)
    {
        if (arrived.Count == 0) return;
        if (OnTask != null) arrived.ForEach(OnTask);
        else arrived.ForEach(_waiting.Enqueue);
        arrived.Clear();
        Quarter = Math.Max(1, _waiting.Count / 4);
        Monitor.PulseAll(_gate);
    }

    private void Cancel(uint id, bool unlessBegun)
    {
        if (bodies.IsArriving(id))
        {
            _cancelledOnArrival.Add(id); // it is given back when it has come: its pieces need its id until then
            return;
        }
        TaskContext? running;
        lock (_gate)
        {
            running = Running(id);
            // Under the gate: the pool must hear of it before a task behind it begins, or a death then would be charged to this one.
            if (TakeBack(id)) OnGivenBack!(id);
        }
        if (!unlessBegun) running?.Cancel();
    }

    /// <summary>Whether the task was waiting; now nobody will run it.</summary>
    private bool TakeBack(uint id)
    {
        foreach (var task in _waiting)
        {
            if (task.Id == id && !task.IsGivenBack) return task.IsGivenBack = true;
        }
        return false;
    }

    private TaskContext? Running(uint id)
    {
        if (Turn is TaskContext { IsDone: false } task && task.Id == id) return task;
        return _running.TryGetValue(id, out var running) ? running : null;
    }

    private void AddCredit(uint id, uint bytes)
    {
        lock (_gate)
        {
            if (Running(id) is { } task) task.Credit += bytes;
        }
    }
}
