using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace SmsAi.Core.Platform.Database;

/// <summary>
/// Sees at start that the database has this program's schema, migrating it first if it may. An outdated schema ends the program with one sentence;
/// a database that is away does not: the program stays up, not ready, and asks again each second.
/// </summary>
public sealed partial class Schema(
    MigrationRunner runner, bool migrateOnStart, IHostApplicationLifetime lifetime, ILogger<Schema> log) : BackgroundService
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The database was seen with this program's schema.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Whoever works on the database waits here first.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancel) => _ready.Task.WaitAsync(cancel);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await TryAsync(cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                LogAway();
                await base.StartAsync(cancellationToken);
                return;
            }
            await Task.Delay(250, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryAsync(stoppingToken)) await Task.Delay(1000, stoppingToken);
        }
        catch (MigrationException fault)
        {
            LogRefused(fault.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    /// <summary>True when the schema is right, false when the database is away; throws when the schema is wrong.</summary>
    async Task<bool> TryAsync(CancellationToken cancel)
    {
        try
        {
            if (migrateOnStart) await runner.ApplyAsync(force: false, cancel);
            else Refuse(await runner.PlanAsync(cancel));
            _ready.TrySetResult();
            return true;
        }
        catch (NpgsqlException fault) when (fault is not PostgresException || IsStarting(fault))
        {
            return false;
        }
        catch (TimeoutException)
        {
            return false;
        }
        catch (PostgresException fault)
        {
            throw new MigrationException($"The database refused: {fault.MessageText} ({fault.SqlState}).", fault);
        }
    }

    static void Refuse(MigrationPlan plan)
    {
        if (plan.Faults.Count > 0) throw new MigrationException(plan.Faults[0]);
        if (plan.Pending.Count > 0)
            throw new MigrationException($"The database schema is outdated ({plan.Pending[0].Title} is not applied): run migrate first, or set Database:MigrateOnStart.");
    }

    static bool IsStarting(NpgsqlException fault) =>
        fault is PostgresException { SqlState: "57P03" or "57P01" or "57P02" or "53300" };

    [LoggerMessage(9010, LogLevel.Warning, "The database is away; the program waits for it")]
    partial void LogAway();

    [LoggerMessage(9011, LogLevel.Critical, "{Reason}")]
    partial void LogRefused(string reason);
}
