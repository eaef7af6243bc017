using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Auditing;

/// <summary>
/// Copies the trail to the places outside, row after row, and keeps how far it came in the database: nothing is left out, and what a crash
/// repeats is known by its hash. Each place has the whole trail, and one replica at a time copies to it; what fails is tried again, ever later up to five minutes.
/// </summary>
internal sealed partial class AuditCopy(
    Databases databases, IEnumerable<IAuditSink> sinks, IOptions<AuditCopyOptions> options, TimeProvider time, ILogger<AuditCopy> log) : BackgroundService
{
    /// <summary>Why nothing more is copied when the copied row is not in the trail any more.</summary>
    public const string Rewritten = "the row copied last is another one now, or gone";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly IAuditSink[] _sinks = [.. sinks];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_sinks.Select(sink => SteadyWork.RunAsync(stopping => RunAsync(sink, stopping), log, stoppingToken)));

    private async Task RunAsync(IAuditSink sink, CancellationToken stopping)
    {
        var hasForgotten = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!hasForgotten)
                    await ExecuteAsync(AuditCopySql.Forget, stopping);
                hasForgotten = true;
                while (await RunOnceAsync(sink, stopping) > 0)
                {
                    // As long as rows wait.
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException)
            {
                LogNotRead(sink.Name, fault.GetType().Name);
            }

            await Task.Delay(Every, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One batch to one place; how many rows it kept.</summary>
    internal async Task<int> RunOnceAsync(IAuditSink sink, CancellationToken cancel)
    {
        var token = Guid.NewGuid();
        await ExecuteAsync(AuditCopySql.Know, cancel, Of(sink.Name), Of(sink.Place), Of(Environment.MachineName));
        if (await LeaseAsync(sink, token, cancel) is not { } place)
            return 0;
        if (!place.IsInTrail)
        {
            await FailAsync(sink, token, Rewritten, place.Tries, cancel);
            return 0;
        }

        var rows = await NextAsync(place.CopiedId, cancel);
        if (rows.Count == 0)
        {
            await ExecuteAsync(AuditCopySql.Release, cancel, Of(sink.Name), Of(sink.Place), Of(token));
            return 0;
        }

        if (await sink.DeliverAsync(rows, cancel) is { } fault)
        {
            await FailAsync(sink, token, fault, place.Tries, cancel);
            return 0;
        }

        await ExecuteAsync(AuditCopySql.Kept, cancel, Of(sink.Name), Of(sink.Place), Of(token), Of(rows[^1].Id), Of(rows[^1].Hash));
        return rows.Count;
    }

    private async Task<(long CopiedId, bool IsInTrail, int Tries)?> LeaseAsync(IAuditSink sink, Guid token, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(AuditCopySql.Lease);
        command.Parameters.AddRange((NpgsqlParameter[])[Of(sink.Name), Of(sink.Place), Of(token), Of(Lease)]);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? (row.GetInt64(0), row.GetBoolean(1), row.GetInt32(2)) : null;
    }

    private async Task<List<AuditLine>> NextAsync(long copied, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(AuditCopySql.Next);
        command.Parameters.AddRange((NpgsqlParameter[])[Of(copied), Of(options.Value.RowsAtOnce)]);
        await using var row = await command.ExecuteReaderAsync(cancel);
        List<AuditLine> rows = [];
        while (await row.ReadAsync(cancel)) rows.Add(AuditLine.Of(row));
        return rows;
    }

    private async Task FailAsync(IAuditSink sink, Guid token, string fault, int tries, CancellationToken cancel)
    {
        var wait = TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, FirstWait.Ticks << Math.Min(tries, 10)));
        await ExecuteAsync(AuditCopySql.Failed, cancel, Of(sink.Name), Of(sink.Place), Of(token), Of(fault), Of(wait));
        if (fault == Rewritten && tries == 0)
            LogRewritten(sink.Name);
        else
            LogNotKept(sink.Name, fault, wait.TotalSeconds);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = databases.Pages.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlParameter<T> Of<T>(T value) => new() { TypedValue = value };

    [LoggerMessage(2510, LogLevel.Warning, "The copy of the audit trail to the {Sink} could not be read or noted ({Fault})")]
    private partial void LogNotRead(string sink, string fault);

    [LoggerMessage(2511, LogLevel.Warning, "The {Sink} did not keep its copy of the audit trail: {Fault}; tried again in {Seconds} s")]
    private partial void LogNotKept(string sink, string fault, double seconds);

    [LoggerMessage(2512, LogLevel.Critical, "The row of the audit trail that was copied last to the {Sink} is another one now, or gone: the copy outside is the true one")]
    private partial void LogRewritten(string sink);
}
