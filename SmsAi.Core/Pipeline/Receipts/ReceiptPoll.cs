using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>
/// Asks the carrier about texts it took and never reported on. It goes along the ledger's "sent" events with three marks, at one, three
/// and nine times the waiting time, so each text is asked about at most three times and none needs a count of its own.
/// </summary>
public sealed partial class ReceiptPoll(
    Databases databases, ICarrier carrier, ReceiptWriter receipts, IOptions<ReceiptPollOptions> options, ILogger<ReceiptPoll> logger)
{
    private const int EventsAtOnce = 5_000;
    private const int TextsAtOnce = 500;
    private static readonly int[] Waits = [1, 3, 9];

    // Events that old are all committed, so going by their id skips none.
    private const string Silent = """
        with mark as (select coalesce((select id from ledger_cursors where reader = $1), 0) as id),
        gone as (
          select e.id, e.type, e.data->>'sid' as sid from mark, lateral (
            select id, type, data, created_at from events where events.id > mark.id order by events.id limit $3) e
          where e.created_at < now() - $2)
        select g.id, m.sid from gone g
        left join message_sids s on g.type = 'sent' and s.twilio_sid = g.sid
        left join messages m on m.id = s.message_id and m.created_at = s.created_at and m.state = 'sent'
          and coalesce(m.carrier_status, 'queued') in ('accepted', 'scheduled', 'queued', 'sending')
        where m.id is not null or g.id = (select max(id) from gone)
        order by g.id limit $4
        """;

    private const string Move = """
        insert into ledger_cursors (reader, id) values ($1, $2)
        on conflict (reader) do update set id = greatest(ledger_cursors.id, excluded.id), moved_at = now()
        """;

    /// <summary>Its places in the ledger, as <c>ledger_cursors</c> names them.</summary>
    internal static IEnumerable<string> Marks => Waits.Select(MarkAt);

    /// <summary>One look at each mark; how many texts the carrier was asked about.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancel)
    {
        var asked = 0;
        foreach (var times in Waits)
            asked += await RunOnceAsync(MarkAt(times), options.Value.PollAfter * times, cancel);
        return asked;
    }

    private static string MarkAt(int times) => string.Create(CultureInfo.InvariantCulture, $"receipt_poll_{times}");

    private async Task<int> RunOnceAsync(string mark, TimeSpan wait, CancellationToken cancel)
    {
        var asked = 0;
        while (await ReadAsync(mark, wait, cancel) is [.., var last] rows)
        {
            foreach (var (id, sid) in rows)
            {
                if (sid is null)
                    continue;
                asked++;
                if (await AskAsync(sid, cancel))
                    continue;
                // The carrier or the database is away: the mark stays before this text, and the next run begins with it.
                await MoveAsync(mark, id - 1, cancel);
                return asked;
            }

            await MoveAsync(mark, last.Id, cancel);
        }

        return asked;
    }

    private async Task<bool> AskAsync(string sid, CancellationToken cancel)
    {
        switch (await carrier.FetchAsync(sid, cancel))
        {
            case CarrierLookup.Found { Message: var message }:
                return await receipts.AddAsync(new Receipt(sid, null, message.Status, message.ErrorCode), cancel) != ReceiptResult.Unavailable;
            case CarrierLookup.Absent:
                LogAbsent(sid);
                return true;
            default:
                return false;
        }
    }

    private async Task<List<(long Id, string? Sid)>> ReadAsync(string mark, TimeSpan wait, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Silent);
        command.Parameters.Add(new() { Value = mark });
        command.Parameters.Add(new() { Value = wait });
        command.Parameters.Add(new() { Value = EventsAtOnce });
        command.Parameters.Add(new() { Value = TextsAtOnce });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<(long, string?)>();
        while (await reader.ReadAsync(cancel))
            rows.Add((reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetString(1)));
        return rows;
    }

    private async Task MoveAsync(string mark, long id, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(Move);
        command.Parameters.Add(new() { Value = mark });
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(1602, LogLevel.Warning, "The carrier knows no text {Sid}, which it once accepted")]
    private partial void LogAbsent(string sid);
}
