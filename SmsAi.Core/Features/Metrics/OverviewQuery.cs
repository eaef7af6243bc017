using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Metrics;

/// <summary>Asks everything the Overview shows in one round trip.</summary>
internal sealed class OverviewQuery(Databases databases, IOptions<SpendOptions> spend, TimeProvider clock)
{
    private const int TailLength = 50;
    private const int MinutesShown = 60;

    public async Task<OverviewSnapshot> ReadAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var minute = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMinute, DateTimeKind.Utc);
        var from = minute.AddMinutes(1 - MinutesShown);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(OverviewSql.Today, now.Date, now.Date.AddDays(-7), now.AddDays(-7)),
                Command(OverviewSql.Spent, DateOnly.FromDateTime(now)),
                Command(OverviewSql.Peak, now.Date),
                Command(OverviewSql.Minutes, from),
                Command(OverviewSql.Queue, QueueFigures.Most),
                Command(OverviewSql.Flips, from),
                Command(OverviewSql.TimedStops),
                Command(OverviewSql.NeedsYou, QueueFigures.Most),
                Command(OverviewSql.Tail, TailLength),
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        return await ReadAsync(rows, now, minute, from, cancel);
    }

    private async Task<OverviewSnapshot> ReadAsync(NpgsqlDataReader rows, DateTime now, DateTime minute, DateTime from, CancellationToken cancel)
    {
        var counts = (await ListAsync(rows, row => Enumerable.Range(0, 6).Select(row.GetInt64).ToArray(), cancel))[0];
        var spent = (await ListAsync(rows, row => (row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? (long?)null : row.GetInt64(2)), cancel))
            .FirstOrDefault((0, 0, spend.Value.CapMicros));
        var peak = (await ListAsync(rows, row => (At: (DateTimeOffset?)row.GetFieldValue<DateTimeOffset>(0), Texts: row.GetInt32(1)), cancel)).FirstOrDefault();
        var minutes = await ListAsync(rows, StoredMinute.Of, cancel);
        var queue = (await ListAsync(rows, row => new QueueFigures(row.GetInt32(0), Age(row, 1), row.GetInt32(2), Age(row, 3)), cancel))[0];
        var flips = await ListAsync(rows, row => new Flip(
            row.GetString(0), row.GetBoolean(1), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3), row.GetString(4)), cancel);
        var timed = await ListAsync(rows, row => (Name: row.GetString(0), Until: row.GetFieldValue<DateTimeOffset>(1)), cancel);
        var needs = await ListAsync(rows, NeedsYouWords.Row, cancel);
        var tail = await ListAsync(rows, OverviewTail.Row, cancel);

        var hour = new int[AnswerTimes.Buckets];
        minutes.ForEach(stored => AnswerTimes.Add(hour, stored.Times));
        return new()
        {
            At = now,
            Today = new(counts[0], counts[4], counts[1], counts[2], counts[3], counts[5], spent.Item1, spent.Item2, spent.Item3),
            Now = Rate(minutes, now, minute) with { Peak = peak.Texts, PeakAt = peak.At },
            AnswerP50 = AnswerTimes.Quantile(hour, 0.5),
            AnswerP95 = AnswerTimes.Quantile(hour, 0.95),
            Queue = queue,
            Minutes = Fill(minutes, from),
            Bands = StopBands.Of(flips, timed.ToDictionary(stop => stop.Name, stop => stop.Until), from, now),
            NeedsYou = needs,
            Tail = tail,
        };
    }

    // The running minute so far, and of the one before it the part that lies within the last sixty seconds.
    private static MinuteRate Rate(List<StoredMinute> minutes, DateTime now, DateTime minute)
    {
        var running = minutes.Find(stored => stored.At == minute);
        var before = minutes.Find(stored => stored.At == minute.AddMinutes(-1));
        var share = 1 - (now - minute).TotalSeconds / 60;
        return new(Estimate(running?.In, before?.In), Estimate(running?.Out, before?.Out), 0, null);

        int Estimate(int? so, int? previous) => (so ?? 0) + (int)Math.Round((previous ?? 0) * share);
    }

    private static OverviewMinute[] Fill(List<StoredMinute> minutes, DateTime from)
    {
        var stored = minutes.ToDictionary(one => one.At);
        return [.. Enumerable.Range(0, MinutesShown).Select(n => from.AddMinutes(n)).Select(at => stored.TryGetValue(at, out var one)
            ? new OverviewMinute(at, one.In, one.Out, AnswerTimes.Quantile(one.Times, 0.5), AnswerTimes.Quantile(one.Times, 0.95))
            : new OverviewMinute(at, 0, 0, null, null))];
    }

    // One result of the batch, and on to the next.
    private static async Task<List<T>> ListAsync<T>(NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        List<T> list = [];
        while (await rows.ReadAsync(cancel))
            list.Add(read(rows));
        await rows.NextResultAsync(cancel);
        return list;
    }

    private static TimeSpan? Age(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<TimeSpan>(column) is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is DateTime ? new() { Value = value, NpgsqlDbType = NpgsqlDbType.TimestampTz } : new() { Value = value });
        return command;
    }

    private sealed record StoredMinute(DateTime At, int In, int Out, int[] Times)
    {
        public static StoredMinute Of(NpgsqlDataReader row) =>
            new(row.GetDateTime(0), row.GetInt32(1), row.GetInt32(2), row.GetFieldValue<int[]>(3));
    }
}
