using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ostler.Extensions;

/// <summary>
/// A worker whose handlers get services: each task has a scope of its own. The services are built once, before the first
/// task, when the pool's initData is there as configuration.
/// <code>
/// return new WorkerHost()
///     .ConfigureServices((services, configuration) => services.AddScoped&lt;Orders&gt;())
///     .Handle("order", (Orders orders, Order order) => orders.Place(order))
///     .Run();
/// </code>
/// </summary>
public sealed class WorkerHost
{
    private readonly List<Action<IConfigurationBuilder>> _sources = new();
    private readonly List<Action<IServiceCollection, IConfiguration>> _registrations = new();
    private ServiceProvider? _services;

    /// <summary>Makes a worker without handlers.</summary>
    public WorkerHost()
    {
        Worker = new Worker().OnInit((JsonValue initData, WorkerInfo info) => Build(initData, info)).OnClose(() => DisposeServices());
    }

    /// <summary>The worker itself, for handlers without services, and for a host that runs it.</summary>
    public Worker Worker { get; }

    /// <summary>The services, once the worker is being initialised.</summary>
    public IServiceProvider Services => _services ?? throw new InvalidOperationException("the services are built when the worker starts, as they may need the pool's initData");

    /// <summary>Adds sources of configuration. What the pool's initData says counts more.</summary>
    public WorkerHost ConfigureAppConfiguration(Action<IConfigurationBuilder> add)
    {
        _sources.Add(add);
        return this;
    }

    /// <summary>Registers services, with the configuration at hand.</summary>
    public WorkerHost ConfigureServices(Action<IServiceCollection, IConfiguration> register)
    {
        _registrations.Add(register);
        return this;
    }

    /// <summary>Registers services.</summary>
    public WorkerHost ConfigureServices(Action<IServiceCollection> register) => ConfigureServices((services, _) => register(services));

    /// <summary>Adds a handler that takes a service of the task's scope, and the input.</summary>
    public WorkerHost Handle<TService, TInput, TReply>(string name, Func<TService, TInput, TReply> handler) where TService : notnull =>
        Handle<TService, TInput, TReply>(name, (service, input, _) => handler(service, input));

    /// <summary>Adds a handler that also takes the task.</summary>
    public WorkerHost Handle<TService, TInput, TReply>(string name, Func<TService, TInput, TaskContext, TReply> handler) where TService : notnull
    {
        Worker.Handle(name, (TInput input, TaskContext task) =>
        {
            using var scope = Services.CreateScope();
            return handler(scope.ServiceProvider.GetRequiredService<TService>(), input, task);
        });
        return this;
    }

    /// <summary>Adds an async handler: its scope ends when it has ended.</summary>
    public WorkerHost Handle<TService, TInput, TReply>(string name, Func<TService, TInput, Task<TReply>> handler) where TService : notnull =>
        Handle<TService, TInput, TReply>(name, (service, input, _) => handler(service, input));

    /// <summary>Adds an async handler that also takes the task.</summary>
    public WorkerHost Handle<TService, TInput, TReply>(string name, Func<TService, TInput, TaskContext, Task<TReply>> handler) where TService : notnull
    {
        Worker.Handle(name, async (TInput input, TaskContext task) =>
        {
            await using var scope = Services.CreateAsyncScope();
            return await handler(scope.ServiceProvider.GetRequiredService<TService>(), input, task).ConfigureAwait(false);
        });
        return this;
    }

    /// <summary>Adds a handler that streams: its scope ends behind the last item.</summary>
    public WorkerHost HandleStream<TService, TInput, TItem>(string name, Func<TService, TInput, TaskContext, IAsyncEnumerable<TItem>> handler) where TService : notnull
    {
        Worker.Handle(name, (TInput input, TaskContext task) => InScope(handler, input, task));
        return this;
    }

    /// <summary>Serves tasks until the pool closes the channel; gives the exit code for Main.</summary>
    public int Run() => Worker.Run();

    private async IAsyncEnumerable<TItem> InScope<TService, TInput, TItem>(
        Func<TService, TInput, TaskContext, IAsyncEnumerable<TItem>> handler, TInput input, TaskContext task) where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        var items = handler(scope.ServiceProvider.GetRequiredService<TService>(), input, task);
        await foreach (var item in items.ConfigureAwait(false)) yield return item;
    }

    private void Build(JsonValue initData, WorkerInfo info)
    {
        var builder = new ConfigurationBuilder();
        _sources.ForEach(add => add(builder));
        var configuration = builder.AddInMemoryCollection(InitDataKeys.Of(initData, info)).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration).AddSingleton(info);
        services.AddLogging(logging => logging.AddProvider(new WorkerLoggerProvider(info)));
        _registrations.ForEach(register => register(services, configuration));
        _services = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }

    private async Task DisposeServices()
    {
        if (_services != null) await _services.DisposeAsync().ConfigureAwait(false);
    }
}
