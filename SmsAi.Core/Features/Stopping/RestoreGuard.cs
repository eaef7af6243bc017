using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Stopping;

/// <summary>
/// A restored database forgets what was sent and who opted out since its backup, so it starts stopped: it knows itself as a copy when its
/// cluster is another one, or its newest event is older than it remembers.
/// </summary>
public sealed partial class RestoreGuard(Databases databases, Schema schema, StopSwitches switches, ILogger<RestoreGuard> logger) : BackgroundService
{
    private const string Look = """
        select i.system_identifier is not null and (i.system_identifier <> s.system_identifier::text or i.newest_event > coalesce((select max(id) from events), 0))
        from pg_control_system() s left join installation i on i.one
        """;

    private const string Remember = """
        insert into installation (system_identifier, newest_event)
        select s.system_identifier::text, coalesce((select max(id) from events), 0) from pg_control_system() s
        on conflict (one) do update set system_identifier = excluded.system_identifier, newest_event = excluded.newest_event, seen_at = now()
        """;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    private bool _isChecked;

    /// <summary>Stops the service if the database is a restored copy; true then.</summary>
    public async Task<bool> CheckAsync(CancellationToken cancel)
    {
        await using (var look = databases.Pages.CreateCommand(Look))
        {
            if (await look.ExecuteScalarAsync(cancel) is not true)
                return false;
        }

        await switches.StopAllAsync(Actor.Service, "This database was restored from a backup. Sweep and check before resuming.", cancel);
        LogRestored(logger);
        return true;
    }

    public async Task RememberAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Remember);
        await command.ExecuteNonQueryAsync(cancel);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await schema.WaitUntilReadyAsync(stoppingToken);
                if (!_isChecked)
                    await CheckAsync(stoppingToken);
                _isChecked = true;
                await RememberAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
            {
                LogNotLooked(logger, fault.GetType().Name);
            }

            await Task.Delay(Every, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(2010, LogLevel.Critical, "The database is a restored copy: the service starts stopped")]
    private static partial void LogRestored(ILogger logger);

    [LoggerMessage(2011, LogLevel.Warning, "Whether the database is a restored copy could not be read: {Fault}")]
    private static partial void LogNotLooked(ILogger logger, string fault);
}
