using Npgsql;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Redis;
using SmsAi.Core.Platform.Starting;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Stopping;

/// <summary>
/// Keeps this replica's rail true: the switches at once on news and every second anyway, their receipts while something is stopped,
/// and what the replicas have proved about being stopped.
/// </summary>
internal sealed class RailWatch(
    RailSource rail, StopSwitches switches, StopChecks checks, RedisConnection redis, CarrierCircuit carrier, LiveFeed live, IHostEnvironment environment,
    TimeProvider time, ILogger<RailWatch> log)
    : BackgroundService
{
    private const int BeatsShown = 14;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProofEvery = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _news = new(0, 1);

    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        rail.Update(model => model with { Environment = environment.EnvironmentName });
        return Task.WhenAll(
            SteadyWork.RunAsync(ListenAsync, log, stoppingToken), SteadyWork.RunAsync(LookAsync, log, stoppingToken), SteadyWork.RunAsync(ProveAsync, log, stoppingToken));
    }

    private async Task ListenAsync(CancellationToken cancel)
    {
        await foreach (var _ in live.ReadAsync([LiveTopics.Controls, LiveTopics.Queue], cancel))
        {
            if (_news.CurrentCount == 0) _news.Release();
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        while (true)
        {
            await LookOnceAsync(cancel);
            await _news.WaitAsync(LookEvery, cancel);
        }
    }

    /// <summary>One reading of the switches, shown.</summary>
    internal async Task LookOnceAsync(CancellationToken cancel)
    {
        try
        {
            var state = await switches.ReadAsync(cancel);
            var ver = state.IsKilled ? state.Kill.Ver : state.IsPaused ? state.Pause.Ver : 0;
            var receipt = ver > 0 ? await switches.ReceiptAsync(ver, cancel) : null;
            rail.Update(model => RailWords.Apply(model, state, receipt, Troubles(databaseIsAway: false)));
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            rail.Update(model => model with { Troubles = Troubles(databaseIsAway: true) });
        }
    }

    private async Task ProveAsync(CancellationToken cancel)
    {
        while (true)
        {
            await ProveOnceAsync(cancel);
            await Task.Delay(ProofEvery, time, cancel);
        }
    }

    /// <summary>One reading of the replicas' proofs, shown.</summary>
    internal async Task ProveOnceAsync(CancellationToken cancel)
    {
        try
        {
            var evidence = await checks.ReadAsync(cancel);
            var beats = RailWords.Beats(evidence, time.GetUtcNow(), BeatsShown);
            rail.Update(model => model with
            {
                Beats = model.Beats.SequenceEqual(beats) ? model.Beats : beats,
                StopVerifiedAt = evidence.VerifiedAt,
                StopFault = evidence.Fault,
            });
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
        {
            // What was proved last grows old by itself.
        }
    }

    private List<string> Troubles(bool databaseIsAway)
    {
        var troubles = new List<string>();
        if (databaseIsAway) troubles.Add("The database doesn't answer");
        if (carrier.Open is { } closed) troubles.Add(RailWords.Of(closed.Trouble));
        if (redis is { IsConfigured: true, IsUp: false }) troubles.Add("Redis is away");
        return troubles;
    }
}
