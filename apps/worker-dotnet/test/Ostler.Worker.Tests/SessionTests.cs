using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ostler.Protocol;
using Xunit;

namespace Ostler.Tests;

/// <summary>Whole conversations of a worker with handlers of every shape.</summary>
public class SessionTests
{
    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static IEnumerable<string> Items(string[] items)
    {
        foreach (var item in items) yield return item;
    }

    [Fact]
    public void Handlers_take_and_give_bytes_texts_values_and_nothing()
    {
        var worker = new Worker()
            .Handle("bytes", (byte[] body) => Enumerable.Reverse(body).ToArray())
            .Handle("text", (string text) => text.ToUpperInvariant())
            .Handle("value", (JsonValue value, TaskContext task) => new { got = value["a"].AsInt32(), slot = task.Worker.Slot })
            .Handle("nothing", () => { });
        var heard = new Conversation().Task(Bytes("abc"), "bytes").Task(Bytes("abc"), "text").Call("{\"a\":5}", "value").Task([], "nothing").Call("1", "nothing").With(worker);
        Assert.Equal(["RESULT 1 cba", "RESULT 2 ABC", "RESULT 3 {\"got\":5,\"slot\":3}", "RESULT 4", "RESULT 5 null", "exit 0"], heard);
    }

    [Fact]
    public void Handlers_may_be_async_in_every_way()
    {
        var worker = new Worker()
            .Handle("task", async (string text) => { await Task.Yield(); return text + "!"; })
            .Handle("done", (string text) => Task.FromResult(text))
            .Handle("void", async () => await Task.Delay(1))
            .Handle("fails", async () => { await Task.Yield(); throw new InvalidOperationException("later"); })
            .Handle("valuetask", (string text) => new ValueTask<string>(text));
        var heard = new Conversation().Task(Bytes("a"), "task").Task(Bytes("b"), "done").Task([], "void").Task([], "fails").Task(Bytes("c"), "valuetask").With(worker);
        Assert.Equal(["RESULT 1 a!", "RESULT 2 b", "RESULT 3", "FAILURE 4 InvalidOperationException: later", "RESULT 5 c", "exit 0"], heard);
    }

    [Fact]
    public void Streams_send_their_items_and_are_refused_where_one_value_is_wanted()
    {
        var worker = new Worker()
            .Handle("items", (string[] items) => Items(items))
            .Handle("later", async (string[] items) => { await Task.Yield(); return Items(items); })
            .Handle("list", (string[] items) => items.ToList());
        var heard = new Conversation()
            .Call("[\"a\",\"b\"]", "items", FrameFlag.Stream).Call("[\"a\"]", "later", FrameFlag.Stream).Call("[\"a\"]", "list").Call("[\"a\"]", "items").With(worker);
        Assert.Equal(["CHUNK 1 \"a\"", "CHUNK 1 \"b\"", "END 1", "CHUNK 2 \"a\"", "END 2", "RESULT 3 [\"a\"]"], heard.Take(6));
        Assert.StartsWith("FAILURE 4 ReplyKindError: handler 'items' streams", heard[6]);
    }

    [Fact]
    public void What_is_wrong_with_a_task_is_its_failure_and_the_worker_lives_on()
    {
        var worker = new Worker()
            .Handle("number", (int number) => number)
            .Handle("big", () => new byte[200])
            .Handle("object", (byte[] _) => new object());
        var heard = new Conversation { MaxBody = 100 }.Call("\"x\"", "number").Call("{", "number").Task([], "missing").Task([], "big").Task([], "object").Call("7", "number").With(worker);
        Assert.StartsWith("FAILURE 1 InputError: expected Int32, got", heard[0]);
        Assert.StartsWith("FAILURE 2 FormatException: not JSON", heard[1]);
        Assert.Equal("FAILURE 3 HandlerNotFoundError: there is no handler 'missing'; this worker has number, big, object", heard[2]);
        Assert.Equal("FAILURE 4 BodyTooLargeError: the reply of handler 'big' has 200 bytes, the limit is 100", heard[3]);
        Assert.StartsWith("FAILURE 5 ReplyKindError: handler 'object' gave a Object", heard[4]);
        Assert.Equal("RESULT 6 7", heard[5]);
    }

    [Fact]
    public void Progress_logs_and_printed_lines_come_before_the_reply()
    {
        var worker = new Worker().Handle("default", (TaskContext task) =>
        {
            task.Progress(new { step = 1 });
            task.Log("warn", "slow", new { ms = 5 });
            Console.Write("printed\nhalf a line");
            Assert.Equal(-1, Console.In.Read());
            return "done";
        });
        Assert.Equal([
            "PROGRESS 1 {\"step\":1}",
            "LOG 1 {\"level\":\"warn\",\"message\":\"slow\",\"fields\":{\"ms\":5}}",
            "LOG 1 {\"level\":\"info\",\"message\":\"printed\",\"source\":\"stdout\"}",
            "LOG 1 {\"level\":\"info\",\"message\":\"half a line\",\"source\":\"stdout\"}",
            "RESULT 1 done", "exit 0"], new Conversation().Task([]).With(worker));
    }

    [Fact]
    public void A_task_that_waits_is_given_back_when_it_is_cancelled_and_never_begins()
    {
        var begun = new List<uint>();
        var worker = new Worker().Handle("default", (TaskContext task) => begun.Add(task.Id));
        var heard = new Conversation().Task([]).Task([]).Cancel(2).With(worker);
        Assert.Equal("FAILURE 2 CANCELLED NOT_STARTED OperationCanceledException: the caller gave up before it began", heard[0]);
        Assert.Equal(["RESULT 1", "exit 0"], heard.Skip(1));
        Assert.Equal([1u], begun);
    }

    [Fact]
    public void Hooks_run_before_the_first_task_and_after_the_last()
    {
        var order = new List<string>();
        var worker = new Worker()
            .OnInit(async (JsonValue data, WorkerInfo info) => { await Task.Yield(); order.Add($"init {data["a"].AsInt32()} {info.WorkerId}"); })
            .Handle("default", () => order.Add("task"))
            .OnClose(() => order.Add("close"));
        Assert.Equal(["RESULT 1", "exit 0"], new Conversation("{\"a\":1}").Task([]).With(worker));
        Assert.Equal(["init 1 4", "task", "close"], order);
    }

    [Fact]
    public void An_init_that_fails_is_told_and_ends_the_worker()
    {
        var worker = new Worker().OnInit((Action)(() => throw new TimeoutException("no database"))).Handle("default", () => 1);
        Assert.Equal(["FAILURE 0 TimeoutException: no database", "exit 1"], new Conversation().Task([]).With(worker));
    }

    private sealed class Treacherous() : Exception("told all the same")
    {
        public Inner More => new();
        public string Good => "data";

        public sealed class Inner
        {
            public int Value => throw new NotSupportedException();
        }
    }

    [Fact]
    public void An_exception_whose_properties_throw_is_told_without_them()
    {
        var heard = new Conversation().Task([]).Task([], "cancelled").With(new Worker()
            .Handle("default", (Action)(() => throw new Treacherous()))
            .Handle("cancelled", async () => await Task.Delay(Timeout.Infinite, new CancellationToken(canceled: true))));
        Assert.Equal("FAILURE 1 Treacherous: told all the same", heard[0]);
        Assert.StartsWith("FAILURE 2 TaskCanceledException: ", heard[1]);
        Assert.Equal("exit 0", heard[2]);
    }

    [Fact]
    public void A_handler_with_two_inputs_and_one_whose_name_is_taken_are_refused()
    {
        Assert.Contains("has 2 inputs (a, b, …)", Assert.Throws<ArgumentException>(() => new Worker().Handle("x", (int a, int b) => a + b)).Message);
        Assert.Contains("there is a handler 'x' already", Assert.Throws<ArgumentException>(() => new Worker().Handle("x", () => 1).Handle("x", () => 2)).Message);
    }

    [Fact]
    public void A_body_larger_than_a_frame_is_split()
    {
        var worker = new Worker().Handle("default", (byte[] body) => body);
        var heard = new Conversation { MaxFrame = 1_024 }.Task(new byte[1_000]).With(worker);
        Assert.StartsWith("RESULT 1", heard[0]);
        var large = new Worker().Handle("default", () => new string('-', 2_500));
        Assert.Equal(["RESULT 1 MORE", "BODY 1 MORE", "BODY 1", "exit 0"], new Conversation { MaxFrame = 1_024 }.Task([]).With(large).Select(line => line.Replace("-", "").Trim()));
    }

#if NET
    [Fact]
    public void A_task_of_bytes_allocates_little_beyond_its_buffers()
    {
        const int tasks = 4_000, size = 1_024;
        long before = 0, after = 0;
        var worker = new Worker().Handle("default", (byte[] body, TaskContext task) =>
        {
            if (task.Id == tasks / 2) before = GC.GetAllocatedBytesForCurrentThread();
            if (task.Id == tasks) after = GC.GetAllocatedBytesForCurrentThread();
            return body;
        });
        var conversation = new Conversation { Chunk = size }; // few tasks are read long before they run
        for (var task = 0; task < tasks; task++) conversation.Task(new byte[size]);
        Assert.Equal(tasks + 1, conversation.With(worker).Count);
        var each = (after - before) / (tasks / 2.0) - size;
        // A TaskContext, and the ExecutionContext by which code that goes on later knows it. What this thread allocates, as the
        // test host has threads of its own; less where the second thread has read in its place.
        Assert.True(each <= 256, $"{each} bytes per task");
    }
#endif
}
