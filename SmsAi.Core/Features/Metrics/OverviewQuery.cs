using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Metrics;

/// <summary>Asks everything the Overview shows in one round trip.</summary>
internal sealed class OverviewQuery(Databases databases, IOptions<SpendOptions> spend, TimeProvider clock)
{
    private const int TailLength = 50;

    public async Task<OverviewSnapshot> ReadAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var (from, step) = OverviewSpan.Bounds(OverviewReach.Hour, now);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(OverviewSql.Today, now.Date, now.Date.AddDays(-7), now.AddDays(-7)),
                Command(OverviewSql.Spent, DateOnly.FromDateTime(now)),
                Command(OverviewSql.Peak, now.Date),
                Command(OverviewSql.Minutes, from),
                Command(QueueDepthSql.Depth, QueueFigures.Most),
                Command(OverviewSql.Flips, from),
                Command(OverviewSql.TimedStops),
                Command(OverviewSql.NeedsYou, QueueFigures.Most),
                Command(OverviewSql.Tail, TailLength),
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        return await ReadAsync(rows, now, from, step, cancel);
    }

    private async Task<OverviewSnapshot> ReadAsync(NpgsqlDataReader rows, DateTime now, DateTime from, TimeSpan step, CancellationToken cancel)
    {
        var counts = (await ListAsync(rows, row => Enumerable.Range(0, 6).Select(row.GetInt64).ToArray(), cancel))[0];
        var spent = (await ListAsync(rows, row => (row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? (long?)null : row.GetInt64(2)), cancel))
            .FirstOrDefault((0, 0, spend.Value.CapMicros));
        var peak = (await ListAsync(rows, row => (At: (DateTimeOffset?)row.GetFieldValue<DateTimeOffset>(0), Texts: row.GetInt32(1)), cancel)).FirstOrDefault();
        var minutes = await ListAsync(rows, StoredMinute.Of, cancel);
        var queue = (await ListAsync(rows, row => new QueueFigures(row.GetInt32(0), Age(row, 1), row.GetInt32(2), Age(row, 3)), cancel))[0];
        var bands = await BandsAsync(rows, from, now, cancel);
        var needs = await ListAsync(rows, NeedsYouWords.Row, cancel);
        var tail = await ListAsync(rows, OverviewTail.Row, cancel);

        var hour = new StepCounts(step);
        hour.Replace(from, minutes);
        return new()
        {
            At = now,
            Today = new(counts[0], counts[4], counts[1], counts[2], counts[3], counts[5], spent.Item1, spent.Item2, spent.Item3),
            Now = Rate(minutes, now) with { Peak = peak.Texts, PeakAt = peak.At },
            Queue = queue,
            Hour = hour.Span(OverviewReach.Hour, from, now, bands),
            NeedsYou = needs,
            Tail = tail,
        };
    }

    // The running minute so far, and of the one before it the part that lies within the last sixty seconds.
    private static MinuteRate Rate(List<StoredMinute> minutes, DateTime now)
    {
        var minute = OverviewSpan.Floor(now, TimeSpan.FromMinutes(1));
        var running = minutes.Find(stored => stored.At == minute);
        var before = minutes.Find(stored => stored.At == minute.AddMinutes(-1));
        var share = 1 - (now - minute).TotalSeconds / 60;
        return new(Estimate(running?.In, before?.In), Estimate(running?.Out, before?.Out), 0, null);

        int Estimate(int? so, int? previous) => (so ?? 0) + (int)Math.Round((previous ?? 0) * share);
    }

    /// <summary>The results of <see cref="OverviewSql.Flips"/> and <see cref="OverviewSql.TimedStops"/>.</summary>
    internal static async Task<IReadOnlyList<StopBand>> BandsAsync(NpgsqlDataReader rows, DateTime from, DateTime now, CancellationToken cancel)
    {
        var flips = await ListAsync(rows, row => new Flip(
            row.GetString(0), row.GetBoolean(1), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3), row.GetString(4)), cancel);
        var timed = await ListAsync(rows, row => (Name: row.GetString(0), Until: row.GetFieldValue<DateTimeOffset>(1)), cancel);
        return StopBands.Of(flips, timed.ToDictionary(stop => stop.Name, stop => stop.Until), from, now);
    }

    /// <summary>One result of the batch, and on to the next.</summary>
    internal static async Task<List<T>> ListAsync<T>(NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        List<T> list = [];
        while (await rows.ReadAsync(cancel))
            list.Add(read(rows));
        await rows.NextResultAsync(cancel);
        return list;
    }

    private static TimeSpan? Age(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<TimeSpan>(column) is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;

    internal static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is DateTime ? new() { Value = value, NpgsqlDbType = NpgsqlDbType.TimestampTz } : new() { Value = value });
        return command;
    }
}
