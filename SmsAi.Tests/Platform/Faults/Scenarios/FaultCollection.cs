using SmsAi.Tests.Journeys;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>Scenarios run one after another, beside nothing else, and share two replicas where they can.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultCollection : ICollectionFixture<TwoReplicas>
{
    public const string Name = "Faults";
}

/// <summary>Two replicas with fault points on a durable PostgreSQL of their own; made when first asked for, and anew after a scenario that failed.</summary>
public sealed class TwoReplicas : IAsyncDisposable
{
    private Database.TestPostgres? postgres;
    private Service? service;
    private bool isInUse;

    public Service Service => service!;

    public AppProcess A => Service.Replicas[0];

    public AppProcess B => Service.Replicas[1];

    /// <summary>Both alive and unarmed, with a carrier and a model that do nothing unusual, and a driver that knows nothing.</summary>
    public async Task<Service> BeginAsync()
    {
        if (isInUse)
            await DisposeAsync();
        if (service is null)
            await StartAsync();
        foreach (var replica in Service.Replicas.Where(replica => replica.HasEnded).ToList())
            await Service.ReplaceAsync(replica);
        foreach (var replica in Service.Replicas)
            await replica.ArmAsync();
        Service.Settle();
        Service.BeginAnew();
        isInUse = true;
        return Service;
    }

    /// <summary>The scenario ended as it should, so the next one may use them.</summary>
    public void End() => isInUse = false;

    public async ValueTask DisposeAsync()
    {
        if (service is not null)
            await service.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
        (service, postgres, isInUse) = (null, null, false);
    }

    private async Task StartAsync()
    {
        postgres = await Database.TestPostgres.StartNewAsync(durable: true);
        service = await Service.PrepareAsync(postgres);
        service.Settings[AppProcess.FaultPointsWanted] = "yes";
        // Many crashes are the matter here, and no text's fault; the poison scenario has a service of its own.
        service.Settings["Queue:Crashes"] = "10";
        await Task.WhenAll(service.AddReplicaAsync(), service.AddReplicaAsync());
    }
}
