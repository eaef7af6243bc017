namespace SmsAi.Core.Features.Stopping;

/// <summary>The switches' statements. The first line of docs/operations.md, "Stop without the web", is <see cref="Flip"/> by hand.</summary>
internal static class StoppingSql
{
    /// <summary>Whether a timed stop is over is the database clock's word.</summary>
    public const string Read = """
        select name, stopped and (until is null or until > clock_timestamp()), until, reason, by_name, at, ver, auto_answer,
          stopped and until <= clock_timestamp() from controls
        """;

    /// <summary>$1 name $2 stopped $3 until $4 reason $5 by $6 auto-answer. Writes the switch, its flip and its ledger step; returns the version and what was before.</summary>
    public const string Flip = """
        with flipped as (
          update controls c set stopped = $2, until = $3, reason = $4, by_name = $5, auto_answer = $6, at = clock_timestamp(), ver = nextval('controls_ver_seq')
          from (select name, stopped and (until is null or until > clock_timestamp()) as stopped, until, auto_answer from controls where name = $1 for update) was
          where c.name = was.name
          returning c.name, c.stopped, c.reason, c.by_name, c.ver, c.at, was.stopped as was_stopped, was.until as was_until, was.auto_answer as was_answer),
        kept as (
          insert into control_flips (ver, name, stopped, reason, by_name, at, newest_event, replicas_expected, held)
          select ver, name, stopped, reason, by_name, at, coalesce((select max(id) from events), 0),
            (select count(*) from replicas where stopped_at is null and seen_at > clock_timestamp() - interval '5 seconds'),
            -- Only where a switch is lifted: nothing that grows may slow a stop down.
            case when not stopped then (select count(*) from queue where state = 'held') end
          from flipped returning held),
        told as (
          insert into events (stream_id, version, type, data)
          select 0, ver, 'switched', jsonb_build_object('name', name, 'stopped', stopped, 'by', by_name, 'reason', reason, 'ver', ver) from flipped)
        select ver, was_stopped, case when was_stopped then was_until end, case when was_stopped then was_answer end, (select held from kept) from flipped
        """;

    /// <summary>$1 version: what a flip did so far.</summary>
    public const string Receipt = """
        select f.name, f.stopped, f.at, f.reason, f.by_name,
          -- One that stood still was not expected, and acknowledges when it wakes.
          greatest(f.replicas_expected, there.confirmed)::int, there.confirmed,
          (select coalesce(sum(a.cancelled), 0) from control_acknowledgements a where a.ver = f.ver),
          (extract(epoch from there.last_at - f.at) * 1000)::int,
          -- What waits behind a held text of its conversation is held as well.
          (select count(*) from queue where state <> 'running'),
          (select count(*) from events e where e.id > f.newest_event and e.type = 'sending' and e.created_at > f.at),
          (select count(*) from queue q join messages o on o.id = q.outbound_id and o.created_at = q.outbound_at where o.state in ('sending', 'uncertain'))
        from control_flips f
        cross join lateral (
          -- A replica that started later reads the old flip too; it says nothing about how fast this one was.
          select count(*) as confirmed, max(a.at) as last_at from control_acknowledgements a left join replicas r on r.id = a.replica_id
          where a.ver = f.ver and coalesce(a.was_there, r.started_at <= f.at)) there
        where f.ver = $1
        """;

    /// <summary>$1 version</summary>
    public const string Reason = "select reason from control_flips where ver = $1 for update";

    public const string SaveReason = "update control_flips set reason = $2 where ver = $1";

    public const string SaveSwitchReason = "update controls set reason = $2 where ver = $1";

    /// <summary>$1 version $2 replica $3 model calls cancelled.</summary>
    public const string Acknowledge = """
        insert into control_acknowledgements (ver, replica_id, cancelled) values ($1, $2, $3)
        on conflict (ver, replica_id) do update set cancelled = control_acknowledgements.cancelled + excluded.cancelled
        """;

    /// <summary>$1 replica $2 version seen $3 name. One that was silent for so long that its row was cleaned away has it again.</summary>
    public const string Beat = """
        insert into replicas (id, name, seen_at, seen_ver) values ($1, $3, clock_timestamp(), $2)
        on conflict (id) do update set seen_at = excluded.seen_at, seen_ver = excluded.seen_ver, stopped_at = null
        """;

    /// <summary>$1 replica: it has stopped in order and is no longer waited for.</summary>
    public const string Leave = "update replicas set stopped_at = clock_timestamp() where id = $1";

    /// <summary>
    /// Forgets replicas that have been silent for $1, at most $2 at once. One that still acknowledges is never silent: its beat renews seen_at each
    /// second, and takes the row's lock, so that a beat that comes in this moment wins.
    /// </summary>
    public const string DropReplicas = """
        with gone as (
          select id, started_at from replicas where seen_at < clock_timestamp() - $1 order by id limit $2 for update skip locked),
        kept as (
          update control_acknowledgements a set was_there = g.started_at <= f.at from gone g, control_flips f
          where a.replica_id = g.id and f.ver = a.ver)
        delete from replicas r using gone g where r.id = g.id
        """;

    public const string Replicas = """
        select count(*), count(*) filter (where seen_ver >= $1) from replicas where stopped_at is null and seen_at > clock_timestamp() - interval '5 seconds'
        """;
}
