using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>One line of the webhook log: refused posts of one kind counted by the minute, or a report that fitted nothing. No number, no body.</summary>
public sealed record WebhookLine(long Id, DateTimeOffset At, string Path, string Verdict, short Status, long? MessageId, TimeSpan Took, int Times, string? Replica)
{
    public WebhookCursor Cursor => new(At, Id);
}

/// <summary>Where a page of the webhook log begins: its time to the microsecond and its number.</summary>
public sealed record WebhookCursor(DateTimeOffset At, long Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}-{Id}");

    /// <summary>Null for what is none.</summary>
    public static WebhookCursor? Parse(string? text) =>
        text?.Split('-') is [var ticks, var id] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
        && at <= DateTime.MaxValue.Ticks && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(new DateTimeOffset(at, TimeSpan.Zero), number)
            : null;
}

/// <summary>Which lines of the webhook log are wanted.</summary>
public sealed record WebhookFilter(DateTimeOffset From, DateTimeOffset? Until = null, string? Verdict = null, string? Path = null);

/// <summary>One page of the webhook log.</summary>
public sealed record WebhookWindow(IReadOnlyList<WebhookLine> Lines, bool HasNewer, bool HasOlder);

/// <summary>Reads the webhook log page by page, newest first.</summary>
public sealed class WebhookLog(Databases databases)
{
    public async Task<WebhookWindow> ReadAsync(WebhookFilter filter, WebhookCursor? before, WebhookCursor? after, int size, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(after is null ? SystemSql.OlderWebhooks : SystemSql.NewerWebhooks);
        var cursor = after ?? before;
        foreach (var (value, type) in ((object?, NpgsqlDbType)[])
        [
            (filter.From.UtcDateTime, NpgsqlDbType.TimestampTz), (filter.Until?.UtcDateTime, NpgsqlDbType.TimestampTz), (filter.Verdict, NpgsqlDbType.Text),
            (filter.Path, NpgsqlDbType.Text), (cursor?.At.UtcDateTime, NpgsqlDbType.TimestampTz), (cursor?.Id, NpgsqlDbType.Bigint), (size + 1, NpgsqlDbType.Integer),
        ])
            command.Parameters.Add(new() { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        var lines = new List<WebhookLine>();
        await using (var rows = await command.ExecuteReaderAsync(cancel))
            while (await rows.ReadAsync(cancel)) lines.Add(Line(rows));

        var goesOn = lines.Count > size;
        if (goesOn) lines.RemoveAt(size);
        if (after is not null) lines.Reverse();
        return new(lines, HasNewer: after is null ? before is not null : goesOn, HasOlder: after is not null || goesOn);
    }

    /// <summary>Every verdict there is a line of.</summary>
    public async Task<IReadOnlyList<string>> VerdictsAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(SystemSql.Verdicts);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var verdicts = new List<string>();
        while (await rows.ReadAsync(cancel)) verdicts.Add(rows.GetString(0));
        return verdicts;
    }

    private static WebhookLine Line(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.GetInt16(4), row.IsDBNull(5) ? null : row.GetInt64(5),
        TimeSpan.FromMilliseconds(row.GetInt32(6)), row.GetInt32(7), row.IsDBNull(8) ? null : row.GetString(8));
}
