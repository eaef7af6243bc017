using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Stopping;

/// <summary>One change of a switch, for the list of changes.</summary>
/// <param name="TookMs">From the commit to the last acknowledgement; null before the first.</param>
/// <param name="Lasted">How long what it lifted had been on; null for a stop.</param>
/// <param name="Held">Texts that waited when it was lifted; null for a stop.</param>
public sealed record Flip(
    long Ver, string Name, bool IsStopped, string Reason, string By, DateTimeOffset At, long Confirmed, int Expected, int? TookMs, TimeSpan? Lasted, int? Held);

/// <summary>A page of changes, newest first.</summary>
public sealed record FlipWindow(IReadOnlyList<Flip> Flips, bool HasNewer, bool HasOlder);

/// <summary>A replica that is alive, and how fresh its view of the switches is.</summary>
public sealed record ReplicaView(int Id, string Name, DateTimeOffset StartedAt, DateTimeOffset SeenAt, bool IsCurrent);

/// <summary>Reads what happened to the switches and who follows them.</summary>
public sealed class RecentFlips(Databases databases)
{
    private const string Columns = """
        select f.ver, f.name, f.stopped, f.reason, f.by_name, f.at, a.confirmed, greatest(f.replicas_expected, a.confirmed)::int,
          (extract(epoch from a.newest - f.at) * 1000)::int,
          case when not f.stopped then f.at - (
            select s.at from control_flips s where s.name = f.name and s.ver < f.ver and s.stopped
              and s.ver > coalesce((select max(r.ver) from control_flips r where r.name = f.name and r.ver < f.ver and not r.stopped), 0)
            order by s.ver limit 1) end,
          f.held
        """;

    private const string Acknowledged = """
         f, lateral (
          select count(*) as confirmed, max(a.at) as newest from control_acknowledgements a left join replicas r on r.id = a.replica_id
          where a.ver = f.ver and coalesce(a.was_there, r.started_at <= f.at)) a

        """;

    /// <summary>$1 older than this, or null $2 how many $3 which switch, or null</summary>
    private const string Older = Columns + """
         from (select * from control_flips where ($1::bigint is null or ver < $1) and ($3::text is null or name = $3) order by ver desc limit $2)
        """ + Acknowledged + "order by f.ver desc";

    /// <summary>$1 newer than this $2 how many $3 which switch, or null. Oldest first.</summary>
    private const string Newer = Columns + """
         from (select * from control_flips where ver > $1 and ($3::text is null or name = $3) order by ver limit $2)
        """ + Acknowledged + "order by f.ver";

    public async Task<IReadOnlyList<Flip>> NewestAsync(int count, CancellationToken cancel) => (await ReadAsync(null, null, null, count, cancel)).Flips;

    /// <summary>The changes of one switch or of all, those after <paramref name="before"/> in the list or above <paramref name="after"/>.</summary>
    public async Task<FlipWindow> ReadAsync(string? name, long? before, long? after, int size, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(after is null ? Older : Newer);
        command.Parameters.Add(new() { Value = (object?)(after ?? before) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = size + 1 });
        command.Parameters.Add(new() { Value = (object?)name ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var flips = new List<Flip>(size + 1);
        while (await reader.ReadAsync(cancel))
        {
            flips.Add(new Flip(
                reader.GetInt64(0), reader.GetString(1), reader.GetBoolean(2), reader.GetString(3), reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5), reader.GetInt64(6), reader.GetInt32(7), reader.IsDBNull(8) ? null : reader.GetInt32(8),
                reader.IsDBNull(9) ? null : reader.GetFieldValue<TimeSpan>(9), reader.IsDBNull(10) ? null : reader.GetInt32(10)));
        }

        var goesOn = flips.Count > size;
        if (goesOn) flips.RemoveAt(size);
        if (after is not null) flips.Reverse();
        return new(flips, after is null ? before is not null : goesOn, after is not null || goesOn);
    }

    public async Task<IReadOnlyList<ReplicaView>> ReplicasAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("""
            select id, name, started_at, seen_at, seen_ver >= (select max(ver) from controls)
            from replicas where stopped_at is null and seen_at > clock_timestamp() - interval '1 minute' order by started_at
            """);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var replicas = new List<ReplicaView>();
        while (await reader.ReadAsync(cancel))
        {
            replicas.Add(new ReplicaView(
                reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetBoolean(4)));
        }

        return replicas;
    }
}
