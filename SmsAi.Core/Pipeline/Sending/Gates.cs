namespace SmsAi.Core.Pipeline.Sending;

/// <summary>Nothing reaches a person who opted out; her STOP counts from its own commit on.</summary>
public sealed class ConsentGate : ISendGate
{
    public string Name => "consent";

    public string Condition => "exists (select from users u where u.id = o.user_id and not exists (select from consents s where s.phone_hash = u.phone_hash and s.state = 'out'))";

    public string EndsAs => "opted_out";
}

/// <summary>Nothing reaches a blocked person.</summary>
public sealed class BlockGate : ISendGate
{
    public string Name => "block";

    public string Condition =>
        "exists (select from users u where u.id = o.user_id and not u.is_blocked and not exists (select from blocked_senders b where b.phone_hash = u.phone_hash))";

    public string EndsAs => "blocked";
}

/// <summary>A hold on the person, her tier, our number or this kind of send keeps the message until it is lifted.</summary>
public sealed class HoldGate : ISendGate
{
    public string Name => "hold";

    public string Condition => """
        not exists (select from holds h where h.user_id = o.user_id or h.our_number = c.our_number
            or h.kind = case o.kind when 'apology' then 'answer'::message_kind else o.kind end)
          and not exists (select from users u join holds h on h.tier_id = u.tier_id where u.id = o.user_id)
        """;
}

/// <summary>What nobody asked for waits until a person's quiet hours end; an answer to her own text never does.</summary>
public sealed class QuietHoursGate : ISendGate
{
    public string Name => "quiet_hours";

    public string Condition => """
        o.kind <> 'broadcast' or not exists (
          select from users u cross join lateral (
            select extract(hour from clock_timestamp() at time zone u.timezone)::int as hour,
              case when u.preferences #>> '{notifications,quiet_hours,start}' ~ '^[0-9]{1,2}$' then (u.preferences #>> '{notifications,quiet_hours,start}')::int end as start,
              case when u.preferences #>> '{notifications,quiet_hours,end}' ~ '^[0-9]{1,2}$' then (u.preferences #>> '{notifications,quiet_hours,end}')::int end as until) q
          where u.id = o.user_id and case when q.start < q.until then q.hour >= q.start and q.hour < q.until when q.start > q.until then q.hour >= q.start or q.hour < q.until end)
        """;
}

/// <summary>The day's money: model and carrier together stay below the cap.</summary>
public sealed class SpendGate : ISendGate
{
    public string Name => "spend";

    public string Condition => "not exists (select from spend_days d where d.day = (now() at time zone 'utc')::date and d.model_micros + d.carrier_micros >= d.cap_micros)";
}
