using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Stopping;

/// <summary>One change of a switch, for the list of changes.</summary>
public sealed record Flip(long Ver, string Name, bool IsStopped, string Reason, string By, DateTimeOffset At, long Confirmed, int Expected, int? TookMs);

/// <summary>A replica that is alive, and how fresh its view of the switches is.</summary>
public sealed record ReplicaView(int Id, string Name, DateTimeOffset StartedAt, DateTimeOffset SeenAt, bool IsCurrent);

/// <summary>Reads what happened to the switches and who follows them.</summary>
public sealed class RecentFlips(Databases databases)
{
    public async Task<IReadOnlyList<Flip>> NewestAsync(int count, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("""
            select f.ver, f.name, f.stopped, f.reason, f.by_name, f.at, a.confirmed, f.replicas_expected,
              (extract(epoch from a.newest - f.at) * 1000)::int
            from (select * from control_flips order by ver desc limit $1) f, lateral (
              select count(*) as confirmed, max(a.at) as newest from control_acknowledgements a join replicas r on r.id = a.replica_id
              where a.ver = f.ver and r.started_at <= f.at) a
            order by f.ver desc
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var flips = new List<Flip>(count);
        while (await reader.ReadAsync(cancel))
        {
            flips.Add(new Flip(
                reader.GetInt64(0), reader.GetString(1), reader.GetBoolean(2), reader.GetString(3), reader.GetString(4),
                reader.GetFieldValue<DateTimeOffset>(5), reader.GetInt64(6), reader.GetInt32(7), reader.IsDBNull(8) ? null : reader.GetInt32(8)));
        }

        return flips;
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
