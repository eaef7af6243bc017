using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Platform.Logging;

/// <summary>
/// Keeps logged errors in error_logs, a second after they happened: one row per kind of fault and hour, with their number. While the database
/// is away they wait in <see cref="FaultCollector"/>; what didn't find room there is told by a row of its own.
/// </summary>
public sealed partial class FaultWriter : BackgroundService
{
    private const string Insert = """
        insert into error_logs (error_type, error_message, stack_trace, category, severity, component, operation, at, metadata)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb) returning id
        """;

    private const string Update = "update error_logs set metadata = $2::jsonb where id = $1 and not resolved";

    private const string Lost = """
        insert into error_logs (error_type, error_message, category, severity, component, operation, metadata)
        values ('faults_dropped', $1, 'SYSTEM', 'MEDIUM', 'FaultWriter', 'Dropped', $2::jsonb)
        """;

    private const int MostRows = 1_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OneRow = TimeSpan.FromHours(1);

    private readonly FaultCollector _faults;
    private readonly Databases _databases;
    private readonly Redaction _redaction;
    private readonly TimeProvider _clock;
    private readonly ILogger<FaultWriter> _log;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Dictionary<FaultKind, Row> _rows = [];
    private bool _isWaiting;

    internal FaultWriter(FaultCollector faults, Databases databases, Redaction redaction, TimeProvider clock, ILogger<FaultWriter> log) =>
        (_faults, _databases, _redaction, _clock, _log) = (faults, databases, redaction, clock, log);

    /// <summary>What was logged last is kept too, if the database takes it at once.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(LastTry);
        try
        {
            await WriteAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // The log files have them.
        }
    }

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    /// <summary>Keeps what waits; false when the database doesn't take it now.</summary>
    internal async Task<bool> WriteAsync(CancellationToken cancel)
    {
        await _writing.WaitAsync(cancel);
        var (taken, dropped) = _faults.Take();
        var isDone = taken.Count == 0 && dropped == 0;
        FaultCollector.IsMuted = true;
        try
        {
            if (!isDone)
                await KeepAsync(taken, dropped, cancel);
            isDone = true;
            _isWaiting = false;
        }
        catch (PostgresException fault) when (fault.SqlState[..2] is "22" or "23")
        {
            // The database won't take these later either.
            LogRefused(fault.SqlState);
            (taken, dropped) = ([], dropped + taken.Sum(refused => refused.Count));
        }
        // Thrown on it would end the host, and only because something went wrong before.
        catch (Exception fault) when (!cancel.IsCancellationRequested)
        {
            if (!_isWaiting)
                LogWaiting(fault.GetType().Name);
            _isWaiting = true;
        }
        finally
        {
            if (!isDone)
                _faults.PutBack(taken, dropped);
            FaultCollector.IsMuted = false;
            _writing.Release();
        }

        return isDone;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => SteadyWork.RunAsync(WorkAsync, _log, stoppingToken);

    private async Task WorkAsync(CancellationToken stoppingToken)
    {
        var wait = Every;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(wait, _clock, stoppingToken);
                var doubled = wait * 2 < LongestWait ? wait * 2 : LongestWait;
                wait = await WriteAsync(stoppingToken) ? Every : doubled;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The program ends.
            }
        }
    }

    private async Task KeepAsync(IReadOnlyCollection<Fault> taken, long dropped, CancellationToken cancel)
    {
        var now = _clock.GetUtcNow();
        var kept = new List<(Fault Fault, Row Row)>();
        await using var connection = await _databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        foreach (var fault in taken)
            kept.Add((fault, await KeepAsync(connection, fault, now, cancel)));
        if (dropped > 0)
            await KeepLostAsync(connection, dropped, cancel);
        await transaction.CommitAsync(cancel);

        if (_rows.Count > MostRows)
            _rows.Clear();
        foreach (var (fault, row) in kept)
            _rows[fault.Kind] = row;
    }

    private async Task<Row> KeepAsync(NpgsqlConnection connection, Fault fault, DateTimeOffset now, CancellationToken cancel)
    {
        if (_rows.TryGetValue(fault.Kind, out var row) && now - row.Since < OneRow)
        {
            var all = row.With(fault);
            await using var update = new NpgsqlCommand(Update, connection)
            {
                Parameters = { new() { Value = row.Id }, new() { Value = FaultRow.Metadata(all, _redaction) } },
            };
            if (await update.ExecuteNonQueryAsync(cancel) > 0)
                return row with { Sum = all };
        }

        return new Row(await InsertAsync(connection, fault, cancel), now, fault);
    }

    private async Task<long> InsertAsync(NpgsqlConnection connection, Fault fault, CancellationToken cancel)
    {
        var row = FaultRow.Of(fault, _redaction);
        await using var insert = new NpgsqlCommand(Insert, connection)
        {
            Parameters =
            {
                new() { Value = row.Type },
                new() { Value = row.Message },
                new() { Value = (object?)row.Stack ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = row.Category },
                new() { Value = row.Severity },
                new() { Value = row.Component },
                new() { Value = row.Operation },
                new() { Value = fault.First.Timestamp.UtcDateTime },
                new() { Value = FaultRow.Metadata(fault, _redaction) },
            },
        };
        return (long)(await insert.ExecuteScalarAsync(cancel))!;
    }

    private static async Task KeepLostAsync(NpgsqlConnection connection, long dropped, CancellationToken cancel)
    {
        var words = string.Create(
            CultureInfo.InvariantCulture, $"{dropped} errors could not be kept here; the log files have them.");
        await using var insert = new NpgsqlCommand(Lost, connection)
        {
            Parameters = { new() { Value = words }, new() { Value = string.Create(CultureInfo.InvariantCulture, $$"""{"count": {{dropped}}}""") } },
        };
        await insert.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(9030, LogLevel.Warning, "Errors can't be kept in the database now ({Fault}); they wait")]
    private partial void LogWaiting(string fault);

    [LoggerMessage(9031, LogLevel.Warning, "The database refused to keep errors ({SqlState}); they are only in the log files")]
    private partial void LogRefused(string sqlState);

    /// <summary>The row a kind of fault is counted in, and what it counts.</summary>
    private sealed record Row(long Id, DateTimeOffset Since, Fault Sum)
    {
        public Fault With(Fault more)
        {
            var sum = Fault.Copy(Sum);
            sum.Add(more);
            return sum;
        }
    }
}
