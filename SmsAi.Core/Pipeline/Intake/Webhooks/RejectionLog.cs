using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>
/// Counts refused webhooks by their reason and writes the counts once a second, one row for each reason and minute: a flood of forgeries
/// costs an addition each, and its size can be read afterwards. Nothing of their content is kept.
/// </summary>
public sealed partial class RejectionLog(Databases databases, TimeProvider clock, ILogger<RejectionLog> logger) : BackgroundService
{
    private const string Insert =
        "insert into webhook_log (path, verdict, status, times, took_ms, replica_id) values ($1, $2, $3, $4, $5, null) returning id";

    private const string AddTo = "update webhook_log set times = times + $2, took_ms = greatest(took_ms, $3), at = clock_timestamp() where id = $1";

    private static readonly Meter Meter = new("SmsAi");
    private static readonly Counter<long> Rejected = Meter.CreateCounter<long>("smsai.webhook_rejected");

    private readonly ConcurrentDictionary<Reason, Tally> _tallies = [];
    private volatile bool _hasNews;

    /// <summary>Notes a refusal. Reasons are fixed words of ours, never something a stranger wrote.</summary>
    public void Count(string path, string verdict, int status, TimeSpan took)
    {
        Rejected.Add(1, new KeyValuePair<string, object?>("reason", verdict));
        _tallies.GetOrAdd(new Reason(path, verdict, status), static _ => new Tally()).Add(took);
        _hasNews = true;
    }

    /// <summary>Writes what was counted since the last time; what can't be written now stays counted.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        if (!_hasNews)
            return;
        _hasNews = false;
        foreach (var (reason, tally) in _tallies)
        {
            var (times, tookMs) = tally.Take();
            if (times == 0)
                continue;
            try
            {
                await WriteAsync(reason, tally, times, tookMs, cancel);
                LogRefused(times, reason.Path, reason.Verdict);
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or OperationCanceledException or InvalidOperationException)
            {
                tally.GiveBack(times, tookMs);
                _hasNews = true;
                return;
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, logger, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
            while (await second.WaitForNextTickAsync(stoppingToken))
                await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await FlushAsync(CancellationToken.None);
        }
    }

    private async Task WriteAsync(Reason reason, Tally tally, int times, int tookMs, CancellationToken cancel)
    {
        var minute = clock.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;
        if (tally.Minute == minute)
        {
            await using var more = databases.Pages.CreateCommand(AddTo);
            more.Parameters.Add(new() { Value = tally.RowId });
            more.Parameters.Add(new() { Value = times });
            more.Parameters.Add(new() { Value = tookMs });
            // A row that retention took away is begun anew.
            if (await more.ExecuteNonQueryAsync(cancel) == 1)
                return;
        }

        await using var command = databases.Pages.CreateCommand(Insert);
        command.Parameters.Add(new() { Value = reason.Path });
        command.Parameters.Add(new() { Value = reason.Verdict });
        command.Parameters.Add(new() { Value = (short)reason.Status, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = times });
        command.Parameters.Add(new() { Value = tookMs });
        tally.Remember((long)(await command.ExecuteScalarAsync(cancel))!, minute);
    }

    [LoggerMessage(1011, LogLevel.Warning, "{Times} webhooks to {Path} were refused: {Verdict}")]
    private partial void LogRefused(int times, string path, string verdict);

    private readonly record struct Reason(string Path, string Verdict, int Status);

    private sealed class Tally
    {
        private int _times;
        private int _tookMs;

        public long RowId { get; private set; }

        public long Minute { get; private set; }

        public void Add(TimeSpan took)
        {
            Interlocked.Increment(ref _times);
            KeepLongest((int)took.TotalMilliseconds);
        }

        public (int Times, int TookMs) Take() => (Interlocked.Exchange(ref _times, 0), Interlocked.Exchange(ref _tookMs, 0));

        public void GiveBack(int count, int longestMs)
        {
            Interlocked.Add(ref _times, count);
            KeepLongest(longestMs);
        }

        public void Remember(long rowId, long minute) => (RowId, Minute) = (rowId, minute);

        // Two at once may lose the shorter one; it is a hint, not a figure.
        private void KeepLongest(int ms)
        {
            if (ms > Volatile.Read(ref _tookMs))
                Volatile.Write(ref _tookMs, ms);
        }
    }
}
