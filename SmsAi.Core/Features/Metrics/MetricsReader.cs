using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Metrics;

/// <summary>Counts the ledger into minutes, hours and days: what the Overview, the live counters and the day's cap read.</summary>
internal sealed class MetricsReader(IOptions<SpendOptions> spend) : ILedgerReader
{
    public string Name => "metrics";

    public async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        var figures = new MetricFigures();
        List<Receipt> receipts = [];
        foreach (var entry in events)
        {
            if (entry.Type == EventTypes.Switched)
                continue;
            var data = EventData.Of(entry);
            figures.Add(entry, data);
            if (entry.Type == EventTypes.Status && data.Number("m") is { } message && KindOf(data.Text("status")) is { } kind)
                receipts.Add(new(entry, message, kind));
        }

        await AddReceiptsAsync(connection, receipts, figures, cancel);
        await WriteAsync(connection, figures, cancel);
    }

    private static async Task AddReceiptsAsync(
        NpgsqlConnection connection, List<Receipt> receipts, MetricFigures figures, CancellationToken cancel)
    {
        if (receipts.Count == 0)
            return;
        var earlier = await EarlierAsync(connection, receipts, cancel);
        for (var n = 0; n < receipts.Count; n++)
        {
            var (entry, _, kind) = receipts[n];
            // A text counts as delivered once, though "read" may follow; as an error once, and no longer when it arrived after all.
            if (earlier[n].Any(receipt => receipt.Kind == kind))
                continue;
            if (kind == ReceiptKind.Delivered)
            {
                figures.AddDelivered(entry.At);
                foreach (var (_, at) in earlier[n].Where(receipt => receipt.Kind == ReceiptKind.Failed).Take(1))
                    figures.AddError(at, -1);
            }
            else
            {
                figures.AddError(entry.At, 1);
            }
        }
    }

    private static async Task<ILookup<int, (ReceiptKind Kind, DateTimeOffset At)>> EarlierAsync(
        NpgsqlConnection connection, List<Receipt> receipts, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(MetricsSql.EarlierReceipts, connection)
        {
            Parameters =
            {
                new() { Value = receipts.Select(receipt => receipt.Entry.StreamId).ToArray() },
                new() { Value = receipts.Select(receipt => receipt.Entry.Version).ToArray() },
                new() { Value = receipts.Select(receipt => receipt.Message).ToArray() },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        List<(int N, ReceiptKind Kind, DateTimeOffset At)> found = [];
        while (await rows.ReadAsync(cancel))
        {
            if (KindOf(await rows.IsDBNullAsync(1, cancel) ? null : rows.GetString(1)) is { } kind)
                found.Add(((int)rows.GetInt64(0) - 1, kind, rows.GetFieldValue<DateTimeOffset>(2)));
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

    private static ReceiptKind? KindOf(string? status) => status switch
    {
        "delivered" or "read" => ReceiptKind.Delivered,
        "failed" or "undelivered" => ReceiptKind.Failed,
        _ => null,
    };

    private enum ReceiptKind
    {
        Delivered,
        Failed,
    }

    private sealed record Receipt(LedgerEvent Entry, long Message, ReceiptKind Kind);
}
