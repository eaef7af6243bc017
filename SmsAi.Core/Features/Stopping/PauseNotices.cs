using System.Text.Json;
using Npgsql;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Sending;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Stopping;

/// <summary>Sends the pause's one-time auto-answer: once to each person whose text the pause held, while that pause lasts.</summary>
public sealed class PauseNotices(Outbox outbox, LiveFeed live) : ILedgerReader
{
    private const string Claim = """
        insert into pause_notices (pause_ver, user_id)
        select s.ver, c.user_id from controls s, conversations c
        where s.name = 'pause' and s.stopped and (s.until is null or s.until > clock_timestamp()) and s.auto_answer <> '' and c.id = $1
          and exists (select from users u where u.id = c.user_id and u.preferences #> '{notifications,sms}' is distinct from 'false')
        on conflict do nothing returning (select auto_answer from controls where name = 'pause')
        """;

    public string Name => "pause-notices";

    public async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<LedgerEvent> events, CancellationToken cancel)
    {
        var put = false;
        foreach (var held in events.Where(IsHeldByPause))
        {
            await using var claim = new NpgsqlCommand(Claim, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = held.StreamId } } };
            if (await claim.ExecuteScalarAsync(cancel) is not string text)
                continue;
            await outbox.PutAsync(connection, held.StreamId, "pause_notice", text, Segments.Count(text).Segments, QueueClass.Manual, cancel);
            put = true;
        }

        if (put)
            live.Publish("queue");
    }

    private static bool IsHeldByPause(LedgerEvent step)
    {
        if (step.Type != EventTypes.Held)
            return false;
        using var data = JsonDocument.Parse(step.Data);
        return data.RootElement.TryGetProperty("by", out var by) && by.GetString() == Switch.Pause;
    }
}
