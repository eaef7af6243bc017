using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Metrics;

/// <summary>Counts the ledger into minutes, hours and days: what the Overview, the live counters and the day's cap read.</summary>
internal sealed class MetricsReader(IOptions<SpendOptions> spend, LiveFeed live, LiveCounters counters) : ILedgerFollower
{
    public string Name => "metrics";

    /// <summary>A number on the Overview follows its webhook within a second, with all the steps between.</summary>
    public TimeSpan Pace => TimeSpan.FromMilliseconds(100);

    public async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        var figures = new MetricFigures();
        List<Evidence> evidence = [];
        foreach (var entry in events)
        {
            switch (entry.Type)
            {
                case EventTypes.Received:
                    figures.AddReceived(entry.At);
                    break;
                case EventTypes.Answered or EventTypes.Shortened:
                    figures.AddAnswer(entry.At, EventData.Of(entry));
                    break;
                case EventTypes.Failed or EventTypes.DeadLetter:
                    figures.AddError(entry.At, 1);
                    break;
                case EventTypes.Sent or EventTypes.Status when Evidence.Of(entry) is { } seen:
                    evidence.Add(seen);
                    break;
            }
        }

        await AddSendsAsync(connection, evidence, figures, events, cancel);
        await WriteAsync(connection, figures, cancel);
    }

    public void Committed(IReadOnlyList<LedgerEvent> events)
    {
        live.Publish(LiveTopics.Metrics);
        counters.Changed();
    }

    private static async Task AddSendsAsync(
        NpgsqlConnection connection, List<Evidence> evidence, MetricFigures figures, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        if (evidence.Count == 0)
            return;
        var earlier = await EarlierAsync(connection, evidence, cancel);
        long[] asked = [.. evidence.Where(seen => seen.Text is not null).Select(seen => seen.Text!.Value)];
        var received = await MessagePlaces.FindAsync(connection, asked, events, cancel);
        for (var n = 0; n < evidence.Count; n++)
        {
            var seen = evidence[n];
            if (seen.Kind == EvidenceKind.Sent)
                figures.AddSent(seen.At, seen.Micros, seen.Text is { } text && received.TryGetValue(text, out var from) ? from : null);
            AddOnce(figures, seen, [.. earlier[n]]);
        }
    }

    /// <summary>
    /// A text departs once, though a receipt may overtake our own note or be all that is left of it after a crash; it is delivered once,
    /// though "read" may follow; and it is an error once, and no longer when it arrived after all.
    /// </summary>
    private static void AddOnce(MetricFigures figures, Evidence seen, (EvidenceKind Kind, DateTimeOffset At)[] earlier)
    {
        if (earlier.Length == 0)
            figures.AddDeparted(seen.At);
        if (earlier.Any(one => one.Kind == seen.Kind))
            return;
        if (seen.Kind == EvidenceKind.Failed)
            figures.AddError(seen.At, 1);
        if (seen.Kind != EvidenceKind.Delivered)
            return;
        figures.AddDelivered(seen.At);
        foreach (var (_, at) in earlier.Where(one => one.Kind == EvidenceKind.Failed).Take(1))
            figures.AddError(at, -1);
    }

    private static async Task<ILookup<int, (EvidenceKind Kind, DateTimeOffset At)>> EarlierAsync(
        NpgsqlConnection connection, List<Evidence> evidence, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(MetricsSql.Earlier, connection)
        {
            Parameters =
            {
                new() { Value = evidence.Select(seen => seen.Stream).ToArray() },
                new() { Value = evidence.Select(seen => seen.Version).ToArray() },
                new() { Value = evidence.Select(seen => seen.Message).ToArray() },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        List<(int N, EvidenceKind Kind, DateTimeOffset At)> found = [];
        while (await rows.ReadAsync(cancel))
        {
            var kind = Evidence.KindOf(rows.GetString(1), await rows.IsDBNullAsync(2, cancel) ? null : rows.GetString(2));
            found.Add(((int)rows.GetInt64(0) - 1, kind, rows.GetFieldValue<DateTimeOffset>(3)));
        }

        return found.ToLookup(row => row.N, row => (row.Kind, row.At));
    }

    private async Task WriteAsync(NpgsqlConnection connection, MetricFigures figures, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (figures.Minutes.Count > 0)
            batch.BatchCommands.Add(Minutes(figures));
        if (figures.Hours.Count > 0)
            batch.BatchCommands.Add(Hours(figures));
        if (figures.Days.Count > 0)
            batch.BatchCommands.Add(Days(figures));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlBatchCommand Minutes(MetricFigures figures)
    {
        MetricFigures.Minute[] minutes = [.. figures.Minutes.Values];
        return new(MetricsSql.AddMinutes)
        {
            Parameters =
            {
                new() { Value = figures.Minutes.Keys.ToArray() },
                new() { Value = minutes.Select(minute => minute.TextsIn).ToArray() },
                new() { Value = minutes.Select(minute => minute.TextsOut).ToArray() },
                new() { Value = minutes.Select(minute => minute.Delivered).ToArray() },
                new() { Value = minutes.Select(minute => minute.Errors).ToArray() },
                new() { Value = minutes.Select(minute => minute.ModelMicros).ToArray() },
                new() { Value = minutes.Select(minute => minute.CarrierMicros).ToArray() },
                // Text, since PostgreSQL has no arrays of arrays to unnest by row.
                new() { Value = minutes.Select(minute => $"{{{string.Join(',', minute.AnswerTimes)}}}").ToArray() },
            },
        };
    }

    private static NpgsqlBatchCommand Hours(MetricFigures figures) => new(MetricsSql.AddHours)
    {
        Parameters =
        {
            new() { Value = figures.Hours.Keys.Select(key => key.Hour).ToArray() },
            new() { Value = figures.Hours.Keys.Select(key => key.Metric).ToArray() },
            new() { Value = figures.Hours.Keys.Select(key => key.Tags).ToArray() },
            new() { Value = figures.Hours.Values.ToArray() },
        },
    };

    private NpgsqlBatchCommand Days(MetricFigures figures) => new(MetricsSql.AddDays)
    {
        Parameters =
        {
            new() { Value = figures.Days.Keys.ToArray() },
            new() { Value = figures.Days.Values.Select(day => day.Model).ToArray() },
            new() { Value = figures.Days.Values.Select(day => day.Carrier).ToArray() },
            new() { Value = (object?)spend.Value.CapMicros ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
        },
    };
}
