using Chat.V1;
using ChatGrpc.Model;
using ChatGrpc.Providers;
using ChatGrpc.Providers.Resilience;
using ChatGrpc.Storage;
using ChatGrpc.Tools;
using ChatGrpc.Turns;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Simulation.Tests.Checking;
using Simulation.Tests.Model;
using Simulation.Tests.Scheduling;
using Simulation.Tests.Store;
using Simulation.Tests.Tools;

namespace Simulation.Tests.World;

/// <summary>
/// One process of the service: the real turns, put together as the program does, over the schedule's store, model and
/// clock. When it dies, what it had in memory is gone and its calls are lost.
/// </summary>
internal sealed class ServiceInstance
{
    public const string Tenant = "tenant";

    private readonly Place _place;
    private readonly UnreliableStore _store;
    private readonly ServiceProvider _services;
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly TaskCompletionSource _lost = new();
    private TaskCompletionSource _dropped = new();

    public ServiceInstance(
        StoreLink link, SimulatedClock clock, UnreliableStore store, Outages outages, TurnOptions options,
        SimulatedWorld world)
    {
        Link = link;
        _place = link.Place;
        _store = store;

        // Whether a model is left alone hangs on what others asked of it: the script could not tell.
        var resilience = new ResilienceOptions
        {
            Retries = ModelChain.Retries,
            CircuitCalls = 1_000_000,
            Apology = ModelChain.Apology,
        };
        var pipeline = new ModelPipeline(resilience, options.ToPatience(), clock)
        {
            Random = new ChanceRandom(world.Chance),
        };
        var services = new ServiceCollection()
            .AddSingleton<IChatStore>(store)
            .AddSingleton(world.Hints.Join(_place))
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton(new ModelCatalogue(
                [.. ModelChain.All.Select(Entry)],
                new DefaultModel(ModelChain.Alone.Alias, "it is the first"),
                pipeline))
            .AddSingleton<IHostApplicationLifetime>(_lifetime)
            .AddSingleton<ILoggerFactory>(new TracedLogs(world.Trace, world.Ledger))
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddTools(new ToolOptions { MaxRounds = ModelScript.MaxRounds, Deadline = ToolBehaviour.Deadline })
            .AddTurns(options)
            .AddSingleton<TurnService>()
            .AddSingleton<TakeoverWatch>()
            .AddSingleton<WishTaking>();
        foreach (var name in ToolBehaviour.There)
        {
            services.AddSingleton<AIFunction>(
                new SimulatedTool(name, world.ToolRuns, world.Chance, clock, () => IsLost));
        }

        _services = services.BuildServiceProvider();

        ModelEntry Entry(ModelChain chain)
        {
            var models = chain.Models.Zip(chain.CarryOn).Select((model, i) => new ModelEntry(
                i == 0 ? chain.Alias : model.First,
                model.First,
                new ScriptedModel(
                    world.Models, world.Chance, clock, model.Second, outages,
                    stream => IsLost || world.Leases.IsExcused(stream, _place)))).ToList();
            return models[0] with { Fallbacks = models[1..] };
        }
    }

    public string Name => _place.Name;

    public StoreLink Link { get; }

    public bool IsLost => _lost.Task.IsCompleted;

    /// <summary>It takes turns, and nothing keeps it from its work.</summary>
    public bool IsWell => !IsLost && !Link.IsCut && !_place.IsFrozen && Refusal is null && !Get<Drain>().HasBegun;

    /// <summary>It knows of no turn that is open.</summary>
    public bool IsIdle => !Get<TurnRegistry>().HasOpen;

    public bool Has(string streamId) => Get<TurnRegistry>().Find(Tenant, streamId) is not null;

    /// <summary>Starts as the host would. It takes calls then, though it may have to refuse them.</summary>
    public Task StartAsync() => CallAsync(() =>
    {
        _ = Get<TakeoverWatch>().RunAsync(CancellationToken.None);
        _ = Get<WishTaking>().RunAsync(CancellationToken.None);
        return Get<TurnService>().StartAsync(CancellationToken.None);
    });

    public Task ReadyAsync() => CallAsync(() => Get<TurnStart>().Ready);

    /// <summary>Stops as the host would, within the host's patience, and dies then.</summary>
    public async Task StopAsync()
    {
        try
        {
            await CallAsync(async () =>
            {
                using var patience = new CancellationTokenSource(
                    Get<IOptions<HostOptions>>().Value.ShutdownTimeout, Get<TimeProvider>());
                _lifetime.StopApplication();
                await Get<TurnService>().StoppingAsync(patience.Token);
                await Get<TurnService>().StopAsync(patience.Token);
            });
        }
        finally
        {
            Crash();
        }
    }

    public void Crash()
    {
        _place.Die();
        GiveUp();
    }

    /// <summary>It is out of reach, though it may live.</summary>
    public void GiveUp()
    {
        _store.TakesNoTurns = true;
        _lost.TrySetResult();
        Get<StopSignals>().Dispose();
    }

    /// <summary>Its clients lose their connections, and can make others.</summary>
    public void DropClients()
    {
        var dropped = _dropped;
        _dropped = new TaskCompletionSource();
        dropped.SetResult();
    }

    /// <summary>A call of StreamChat, as its endpoint serves it.</summary>
    /// <returns>Why it ended before stream_end, or null.</returns>
    public async Task<Failure?> StreamAsync(StreamChatRequest request, Connection connection)
    {
        Failure? failure = null;
        connection.Closing = () => _place.Post(static c => ((Connection)c!).Cancel(), connection);
        await CallAsync(async () => failure = await ServeAsync(request, connection));
        return failure;
    }

    /// <summary>A call of CancelStream. Null: there is no such turn.</summary>
    public async Task<StreamRecord?> CancelAsync(CancelStreamRequest request)
    {
        StreamRecord? ended = null;
        await CallAsync(async () => ended = Refusal is { } refusal
            ? throw Refused(refusal)
            : await Get<TurnCancelling>().CancelAsync(Tenant, request, CancellationToken.None));
        return ended;
    }

    /// <summary>A call of SubmitToolResult.</summary>
    public async Task<TakenResult> SubmitAsync(string streamId, ToolResult result)
    {
        TakenResult taken = default;
        await CallAsync(async () => taken = Refusal is { } refusal
            ? throw Refused(refusal)
            : await Get<ResultTaking>().TakeAsync(Tenant, streamId, result.Clone(), CancellationToken.None));
        return taken;
    }

    private async Task<Failure?> ServeAsync(StreamChatRequest request, Connection connection)
    {
        if (Refusal is { } refusal)
        {
            return refusal;
        }

        var token = connection.Token;
        var opened = request.Resume is { } resume
            ? await Get<TurnReading>().ResumeAsync(Tenant, resume, request.Pacing, token)
            : await Get<TurnOpening>().StartAsync(Tenant, request, token);
        if (opened.Reader is not { } reader)
        {
            return opened.Failure;
        }

        var hasEnded = false;
        try
        {
            await foreach (var next in reader.ReadAllAsync(token))
            {
                hasEnded |= next.StreamEnd is not null;
                await connection.WriteAsync(next);
            }

            return reader.Failure;
        }
        finally
        {
            if (!hasEnded && request.OnDisconnect == OnDisconnect.Cancel)
            {
                Get<TurnCancelling>().Abandon(Tenant, reader.StreamId);
            }
        }
    }

    // As the gate before the endpoints has it.
    private Failure? Refusal => Get<TurnStart>().Refusal;

    private static StoreException Refused(Failure refusal) => new(refusal.Message, new IOException(refusal.Reason));

    private async Task CallAsync(Func<Task> call)
    {
        if (IsLost)
        {
            throw new ConnectionLostException();
        }

        var answer = _place.RunAsync(call);
        if (await Task.WhenAny(answer, _lost.Task, _dropped.Task) != answer)
        {
            throw new ConnectionLostException();
        }

        await answer;
    }

    private T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
