using System;
using System.Threading.Tasks;
using StackExchange.Redis;

/// <summary>Counts visits in Redis. The connections are made once, when the worker starts, and stay warm for all of its tasks.</summary>
public sealed class VisitsTask : IDisposable
{
    private ConnectionMultiplexer? _redis;

    public sealed class Settings
    {
        public string Redis { get; set; } = "127.0.0.1:6379";
    }

    /// <summary>Runs before the first task, with the pool's initData: { redis: "host:port" }. The worker is ready when it has ended.</summary>
    public async Task InitAsync(Settings settings) => _redis = await ConnectionMultiplexer.ConnectAsync(settings.Redis);

    /// <summary>The handler `Visit`: how often this page was visited.</summary>
    public Task<long> VisitAsync(string page) => Database.StringIncrementAsync($"visits:{page}");

    /// <summary>The handler `Connection`: the number that the server gave to the connection that a task uses.</summary>
    public async Task<long> ConnectionAsync() => (long)await Database.ExecuteAsync("CLIENT", "ID");

    public void Dispose() => _redis?.Dispose();

    private IDatabase Database => _redis!.GetDatabase();
}
