using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Pipeline.Queueing;

/// <summary>Renews the leases of turns that take longer than a third of a lease: a slow model, a slow carrier. Most turns are never touched.</summary>
public sealed partial class LeaseKeeper(Databases databases, IOptions<QueueOptions> options, TimeProvider time, ILogger<LeaseKeeper> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<long, Held> _held = new();

    public void Hold(Turn turn) => _held[turn.ConversationId] = new Held(turn.Fence, time.GetTimestamp());

    /// <summary>Only this turn's: by now the conversation may be leased anew, for a text that came in between.</summary>
    public void Drop(Turn turn)
    {
        if (_held.TryGetValue(turn.ConversationId, out var held) && held.Fence == turn.Fence)
            _held.TryRemove(KeyValuePair.Create(turn.ConversationId, held));
    }

    /// <summary>Renews once; returns how many leases had gone to another replica.</summary>
    public async Task<int> RenewAsync(CancellationToken cancel)
    {
        var third = options.Value.Lease / 3;
        var due = _held.Where(pair => time.GetElapsedTime(pair.Value.Since) >= third).ToList();
        if (due.Count == 0)
            return 0;
        await using var command = databases.Watch.CreateCommand(QueueSql.Renew);
        command.Parameters.Add(Columns.Of(due, pair => pair.Key, NpgsqlDbType.Bigint));
        command.Parameters.Add(Columns.Of(due, pair => pair.Value.Fence, NpgsqlDbType.Bigint));
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.Lease });
        var kept = new HashSet<long>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            kept.Add(reader.GetInt64(0));
        // What was let go meanwhile is not lost.
        var lost = due.Where(pair => !kept.Contains(pair.Key) && _held.Contains(pair)).ToList();
        foreach (var pair in lost)
            LogLost(logger, pair.Key);
        return lost.Count;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Lease / 6, time);
        try
        {
            // Stopped after the drain: until then the turns that are ending keep their leases.
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryRenewAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task TryRenewAsync(CancellationToken cancel)
    {
        try
        {
            await RenewAsync(cancel);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            LogNotRenewed(logger, fault.GetType().Name);
        }
    }

    private readonly record struct Held(long Fence, long Since);

    [LoggerMessage(1101, LogLevel.Warning, "lease_lost: conversation {ConversationId} went to another replica")]
    private static partial void LogLost(ILogger logger, long conversationId);

    [LoggerMessage(1102, LogLevel.Warning, "Leases could not be renewed: {Fault}")]
    private static partial void LogNotRenewed(ILogger logger, string fault);
}
