using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Stopping;

/// <summary>Lifts holds and frees numbers whose time is over, each second, once over all replicas and with its line of the audit trail.</summary>
public sealed partial class Expiry(Databases databases, LiveFeed live, TimeProvider time, ILogger<Expiry> log) : BackgroundService
{
    private const string Why = "Its time was over.";
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);
    private DateTimeOffset _forgetAt;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
                if (time.GetUtcNow() >= _forgetAt)
                {
                    await ForgetAsync(stoppingToken);
                    _forgetAt = time.GetUtcNow() + ForgetEvery;
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
            {
                LogNotLooked(fault.GetType().Name);
            }

            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>How many were over.</summary>
    internal async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        List<AuditAct> acts = [];
        await using (var batch = new NpgsqlBatch(connection) { BatchCommands = { new(HoldsSql.LiftOver), new(HoldsSql.FreeOver) } })
        {
            await using var rows = await batch.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel)) acts.Add(Holds.Lifted(Actor.Service, rows.GetInt64(0), rows.GetString(1), Why));
            await rows.NextResultAsync(cancel);
            while (await rows.ReadAsync(cancel)) acts.Add(BlockedNumbers.Freed(Actor.Service, rows.GetInt64(0), Why));
        }

        if (acts.Count == 0)
            return 0;
        foreach (var act in acts) await AuditTrail.AppendAsync(connection, act, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Controls);
        live.Publish(LiveTopics.People);
        return acts.Count;
    }

    /// <summary>What was lifted and freed too long ago to be put back leaves.</summary>
    internal async Task ForgetAsync(CancellationToken cancel)
    {
        await using var batch = databases.Pages.CreateBatch();
        foreach (var sql in (string[])[HoldsSql.ForgetLifted, HoldsSql.ForgetFreed])
            batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = time.GetUtcNow().UtcDateTime - StopUndo.Kept } } });
        await batch.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(2040, LogLevel.Warning, "Which holds and blocks are over could not be looked up ({Fault}); they stay until then")]
    private partial void LogNotLooked(string fault);
}
