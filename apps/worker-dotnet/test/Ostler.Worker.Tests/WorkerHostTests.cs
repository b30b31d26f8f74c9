using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ostler.Extensions;
using Ostler.Protocol;
using Xunit;

namespace Ostler.Tests;

/// <summary>The bridge to dependency injection, IConfiguration and ILogger.</summary>
public class WorkerHostTests
{
    private sealed class Counter(List<string> ended) : IDisposable
    {
        private static int _made;
        private readonly int _number = ++_made;

        public static void Reset() => _made = 0;
        public int Number(int _) => _number;

        public async IAsyncEnumerable<int> Count(int items)
        {
            for (var item = 0; item < items; item++)
            {
                await Task.Yield();
                yield return item;
            }
        }

        public void Dispose() => ended.Add($"scope {_number}");
    }

    private sealed class Shop(ILogger<Shop> logger, IConfiguration configuration)
    {
        public string? Sell(string what)
        {
            using var scope = logger.BeginScope(new Dictionary<string, object> { ["customer"] = "Ada" });
            logger.LogWarning(new EventId(7), new InvalidOperationException("old stock"), "sold {What} for {Price}", what, 5);
            return configuration[what];
        }
    }

    private static WorkerHost Counting(List<string> ended)
    {
        Counter.Reset();
        return new WorkerHost().ConfigureServices(services => services.AddSingleton(ended).AddScoped<Counter>());
    }

    [Fact]
    public void Each_task_has_a_scope_that_ends_with_it_however_it_runs()
    {
        var ended = new List<string>();
        var host = Counting(ended)
            .Handle("sync", (Counter counter, int input) => counter.Number(input))
            .Handle("async", async (Counter counter, int input) => { await Task.Yield(); ended.Add("awaited"); return counter.Number(input); })
            .HandleStream("stream", (Counter counter, int items, TaskContext _) => counter.Count(items));
        var heard = new Conversation().Call("0", "sync").Call("0", "sync").Call("0", "async").Call("2", "stream", FrameFlag.Stream).With(host.Worker);
        Assert.Equal(["RESULT 1 1", "RESULT 2 2", "RESULT 3 3", "CHUNK 4 0", "CHUNK 4 1", "END 4", "exit 0"], heard);
        Assert.Equal(["scope 1", "scope 2", "awaited", "scope 3", "scope 4"], ended);
    }

    [Fact]
    public void Init_data_are_configuration_and_count_more_than_other_sources()
    {
        var host = new WorkerHost()
            .ConfigureAppConfiguration(builder => builder.AddInMemoryCollection([new("shop:name", "other"), new("shop:city", "Ulm")]))
            .ConfigureServices((services, configuration) => services.AddSingleton<Func<string, string?>>(key => configuration[key]))
            .Handle("get", (Func<string, string?> get, string key) => get(key));
        var conversation = new Conversation("{\"shop\":{\"name\":\"mine\",\"urls\":[\"a\",{\"port\":1.5}],\"open\":true}}");
        foreach (var key in new[] { "shop:name", "shop:city", "shop:urls:1:port", "shop:open", "Ostler:WorkerId", "nothing" }) conversation.Call($"\"{key}\"", "get");
        Assert.Equal(["\"mine\"", "\"Ulm\"", "\"1.5\"", "\"True\"", "\"4\"", "null"], conversation.With(host.Worker).Take(6).Select(line => line.Split(' ')[2]));
    }

    [Fact]
    public void What_a_logger_is_told_is_a_log_line_of_the_task_with_its_fields()
    {
        var host = new WorkerHost().ConfigureServices(services => services.AddScoped<Shop>()).Handle("sell", (Shop shop, string what) => shop.Sell(what));
        var heard = new Conversation("{\"tea\":\"green\"}").Call("\"tea\"", "sell").With(host.Worker);
        Assert.StartsWith("LOG 1 {\"level\":\"warn\",\"message\":\"sold tea for 5\",\"fields\":{", heard[0]);
        foreach (var field in new[] { "\"category\":\"Ostler.Tests.WorkerHostTests.Shop\"", "\"customer\":\"Ada\"", "\"What\":\"tea\"", "\"Price\":5", "\"eventId\":7", "InvalidOperationException: old stock" })
        {
            Assert.Contains(field, heard[0]);
        }
        Assert.DoesNotContain("OriginalFormat", heard[0]);
        Assert.Equal("RESULT 1 \"green\"", heard[1]);
    }

    [Fact]
    public void What_is_logged_outside_of_a_task_has_no_task()
    {
        var host = new WorkerHost();
        host.Worker.Handle("log", () =>
        {
            var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("start");
            TaskContext.Current = null;
            logger.LogInformation("by nobody");
        });
        Assert.Equal("LOG 0 {\"level\":\"info\",\"message\":\"by nobody\",\"fields\":{\"category\":\"start\"}}", new Conversation().Task([], "log").With(host.Worker)[0]);
    }

    [Fact]
    public void Services_that_cannot_be_built_end_the_worker_before_it_is_ready()
    {
        var host = new WorkerHost().ConfigureServices(services => services.AddScoped<Counter>()).Handle("x", (Counter counter, int input) => counter.Number(input));
        var heard = new Conversation().Call("1", "x").With(host.Worker);
        Assert.StartsWith("FAILURE 0 ", heard[0]);
        Assert.Contains("Unable to resolve service", heard[0]);
        Assert.Equal("exit 1", heard[1]);
    }

    [Fact]
    public void A_service_that_was_not_registered_is_the_failure_of_its_task()
    {
        var host = new WorkerHost().Handle("x", (Shop shop, string what) => shop.Sell(what));
        Assert.Contains("No service for type", new Conversation().Call("\"x\"", "x").With(host.Worker)[0]);
    }
}
