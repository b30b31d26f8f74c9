using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Ostler.Channel;
using Ostler.Protocol;

namespace Ostler.Tasks;

/// <summary>Runs a task's handler and sends its one terminal frame.</summary>
internal sealed class TaskRunner(Dictionary<string, Handler> handlers, Inbox inbox, Outbox outbox, TaskVoice voice, Limits limits)
{
    private static readonly long LongTicks = Stopwatch.Frequency / 1000;

    private readonly ReplyEncoder _replies = new(limits);

    /// <summary>Null if the task is done; else it is when the Task is, which never fails.</summary>
    public Task? Run(TaskContext task)
    {
        TaskContext.Current = task;
        try
        {
            if (!handlers.TryGetValue(task.Handler, out var handler)) throw new HandlerNotFoundException(task.Handler, handlers.Keys);
            if (handler.IsSlow) outbox.Flush();
            outbox.Begin(task.Id);
            var result = Call(handler, task);
            if (!handler.Reply.IsLater || result == null)
            {
                if (handler.Reply.IsAsyncItems && result != null) return StreamLater(task, result);
                Settle(task, handler.Reply, result);
                return null;
            }
            var later = handler.Reply.ToTask(result);
            if (!later.IsCompleted || handler.Reply.IsAsyncItems) return SettleLater(task, handler.Reply, later);
            later.GetAwaiter().GetResult();
            Settle(task, handler.Reply, handler.Reply.Result(later));
        }
        catch (Exception error)
        {
            Fail(task, error);
        }
        return null;
    }

    private static object? Call(Handler handler, TaskContext task)
    {
        try
        {
            return handler.Call(task);
        }
        finally
        {
            handler.IsSlow = Stopwatch.GetTimestamp() - task.BeganAt > LongTicks;
        }
    }

    private async Task SettleLater(TaskContext task, ReplyKind kind, Task later)
    {
        try
        {
            await later.ConfigureAwait(false);
            var result = kind.Result(later);
            if (kind.IsAsyncItems && result != null) await StreamLater(task, result).ConfigureAwait(false);
            else Settle(task, kind, result);
        }
        catch (Exception error)
        {
            Fail(task, error);
        }
    }

    private void Settle(TaskContext task, ReplyKind kind, object? value)
    {
        if (kind.IsItems && value != null)
        {
            Stream(task, value);
            return;
        }
        if (task.WantsStream)
        {
            SendChunk(task, value);
            Finish(task, Frame.WordOf(FrameType.End), default);
            return;
        }
        var body = _replies.Encode(task, value, out var encoding);
        Finish(task, Frame.WordOf(FrameType.Result, encoding: encoding), body.Span);
    }

    // -- streams

    private void Stream(TaskContext task, object sequence)
    {
        RequireStream(task);
        // An iterator method's object is both, and is no enumerator before it was asked for one.
        var items = (sequence as IEnumerable)?.GetEnumerator() ?? (IEnumerator)sequence;
        using (items as IDisposable)
        {
            while (items.MoveNext())
            {
                inbox.WaitUntil(() => MaySend(task) || task.IsCancelled);
                CheckCredit(task);
                SendChunk(task, items.Current);
            }
        }
        Finish(task, Frame.WordOf(FrameType.End), default);
    }

    private async Task StreamLater(TaskContext task, object sequence)
    {
        try
        {
            RequireStream(task);
            var items = new AsyncItems(sequence, task.CancellationToken);
            try
            {
                while (await items.MoveNext().ConfigureAwait(false))
                {
                    await CreditFor(task).ConfigureAwait(false);
                    CheckCredit(task);
                    SendChunk(task, items.Current);
                }
            }
            finally
            {
                await items.Dispose().ConfigureAwait(false);
            }
            Finish(task, Frame.WordOf(FrameType.End), default);
        }
        catch (Exception error)
        {
            Fail(task, error);
        }
    }

    private async Task CreditFor(TaskContext task)
    {
        while (!MaySend(task) && !task.IsCancelled && !inbox.HasEnded) await inbox.Change(() => MaySend(task) || task.IsCancelled).ConfigureAwait(false);
    }

    private static bool MaySend(TaskContext task) => Volatile.Read(ref task.Credit) > 0;

    private static void CheckCredit(TaskContext task)
    {
        if (task.IsCancelled) throw new OperationCanceledException("the caller gave up");
        if (MaySend(task)) return;
        task.Cancel(); // the pool closed the channel: nobody will take the rest
        throw new OperationCanceledException("the pool closed the channel");
    }

    private void SendChunk(TaskContext task, object? item)
    {
        var body = _replies.Encode(task, item, out var encoding);
        inbox.Spend(task, body.Length);
        outbox.Send(Frame.WordOf(FrameType.Chunk, encoding: encoding), task.Id, body.Span);
    }

    private static void RequireStream(TaskContext task)
    {
        if (!task.WantsStream) throw new ReplyKindException($"handler '{task.Handler}' streams, but its caller takes one value: call it by stream()");
    }

    // -- terminal frames

    private void Fail(TaskContext task, Exception error)
    {
        var flags = task.IsCancelled ? FrameFlag.Cancelled : 0;
        var body = Record.Encode(ErrorDescription.Of(error), limits.MaxFrame);
        Finish(task, Frame.WordOf(FrameType.Failure, flags, BodyEncoding.Json), body);
    }

    private void Finish(TaskContext task, uint word, ReadOnlySpan<byte> body)
    {
        CapturedWriter.SendPartial(voice, task);
        task.IsDone = true; // before the frame: once that is out, the id may belong to another task
        inbox.Forget(task);
        outbox.Publish(word, task.Id, body);
    }
}
