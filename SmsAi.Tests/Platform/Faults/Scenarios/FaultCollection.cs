using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>Scenarios run one after another, beside nothing else, and share two replicas where they can.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultCollection : ICollectionFixture<TwoReplicas>
{
    public const string Name = "Faults";
}

/// <summary>
/// Two replicas with fault points, on a durable PostgreSQL and a Redis of their own; made when first asked for, and anew after a scenario that failed.
/// </summary>
public sealed class TwoReplicas : IAsyncDisposable
{
    private TestPostgres? _postgres;
    private TestRedisServer? _redis;
    private Service? _service;
    private bool _isInUse;

    public Service Service => _service!;

    public TestPostgres Postgres => _postgres!;

    public TestRedisServer Redis => _redis!;

    public AppProcess A => Service.Replicas[0];

    public AppProcess B => Service.Replicas[1];

    /// <summary>Both alive and unarmed, with a carrier and a model that do nothing unusual, and a driver that knows nothing.</summary>
    public async Task<Service> BeginAsync()
    {
        if (_isInUse)
            await DisposeAsync();
        if (_service is null)
            await StartAsync();
        foreach (var replica in Service.Replicas.Where(replica => replica.HasEnded).ToList())
            await Service.ReplaceAsync(replica);
        foreach (var replica in Service.Replicas)
            await replica.ArmAsync();
        Service.Settle();
        Service.BeginAnew();
        _isInUse = true;
        return Service;
    }

    /// <summary>The scenario ended as it should, so the next one may use them.</summary>
    public void Pass(FaultRun run)
    {
        run.Passed();
        _isInUse = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
        (_service, _postgres, _redis, _isInUse) = (null, null, null, false);
    }

    private async Task StartAsync()
    {
        _postgres = await TestPostgres.StartNewAsync(durable: true);
        _redis = await TestRedisServer.StartNewAsync();
        _service = await Service.PrepareAsync(_postgres, _redis);
        _service.Settings[AppProcess.FaultPointsWanted] = "yes";
        // Many crashes are the matter here, and no text's fault; the poison scenario has a service of its own.
        _service.Settings["Queue:Crashes"] = "10";
        _service.Settings["Receipts:PollAfter"] = "00:00:05";
        await Task.WhenAll(_service.AddReplicaAsync(), _service.AddReplicaAsync());
    }
}
