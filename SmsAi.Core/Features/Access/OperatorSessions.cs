using System.Net;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Access;

/// <summary>A session as it begins.</summary>
public sealed record NewSession(string Id, long OperatorId, IPAddress Address, string UserAgent, bool HasShownFactor, bool MustEnrol);

/// <summary>What matters about an open session for each act of it.</summary>
public readonly record struct SessionState(string Id, bool MustEnrol);

/// <summary>One of an operator's sessions, as a list shows it.</summary>
public sealed record SessionLine(string Id, DateTimeOffset Since, DateTimeOffset SeenAt, IPAddress? Address, string UserAgent, DateTimeOffset? FactorAt);

/// <summary>Operators' sessions as rows, so that one can be ended from elsewhere. An ended session is never opened again.</summary>
public sealed class OperatorSessions(Databases databases, TimeProvider time)
{
    private const int LongestAgent = 300;
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private const string Open = """
        with outdated as (delete from operator_sessions where since < $7)
        insert into operator_sessions (id, operator_id, since, seen_at, address, user_agent, second_factor_at, must_enrol)
        values ($1, $2, $3, $3, $4, $5, case when $6 then clock_timestamp() end, $8)
        """;

    private const string StillOpen = """
        select s.id, s.must_enrol from operator_sessions s join operators o on o.id = s.operator_id
        where s.id = any($1) and s.ended_at is null and not o.is_disabled
        """;

    private const string Alive = """
        select id, since, seen_at, address, user_agent, second_factor_at from operator_sessions
        where operator_id = $1 and ended_at is null and since > $2 and seen_at > $3 order by seen_at desc, id
        """;

    public async Task OpenAsync(NewSession session, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var agent = session.UserAgent.Length > LongestAgent ? session.UserAgent[..LongestAgent] : session.UserAgent;
        await using var command = databases.Pages.CreateCommand(Open);
        command.Parameters.Add(new() { Value = session.Id });
        command.Parameters.Add(new() { Value = session.OperatorId });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = session.Address, NpgsqlDbType = NpgsqlDbType.Inet });
        command.Parameters.Add(new() { Value = agent });
        command.Parameters.Add(new() { Value = session.HasShownFactor });
        command.Parameters.Add(new() { Value = now - Kept });
        command.Parameters.Add(new() { Value = session.MustEnrol });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Those of these sessions that are open.</summary>
    public async Task<IReadOnlyList<SessionState>> OpenAmongAsync(IReadOnlyCollection<string> sessions, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(StillOpen);
        command.Parameters.Add(new() { Value = sessions.ToArray() });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var open = new List<SessionState>(sessions.Count);
        while (await rows.ReadAsync(cancel)) open.Add(new(rows.GetString(0), rows.GetBoolean(1)));
        return open;
    }

    /// <summary>Notes that somebody is there, at most once a minute.</summary>
    public async Task NoteUseAsync(string session, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var command = databases.Pages.CreateCommand("update operator_sessions set seen_at = $2 where id = $1 and seen_at < $3 and ended_at is null");
        command.Parameters.Add(new() { Value = session });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now - SeenEvery });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>An operator's sessions that can still be used: neither ended, nor idle or old beyond what a session may be.</summary>
    public async Task<IReadOnlyList<SessionLine>> OfAsync(long operatorId, TimeSpan idle, TimeSpan inAll, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        await using var command = databases.Pages.CreateCommand(Alive);
        command.Parameters.Add(new() { Value = operatorId });
        command.Parameters.Add(new() { Value = now - inAll });
        command.Parameters.Add(new() { Value = now - idle });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var lines = new List<SessionLine>();
        while (await rows.ReadAsync(cancel))
        {
            lines.Add(new(
                rows.GetString(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetFieldValue<DateTimeOffset>(2),
                rows.IsDBNull(3) ? null : rows.GetFieldValue<IPAddress>(3), rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetFieldValue<DateTimeOffset>(5)));
        }

        return lines;
    }

    /// <summary>Ends one session by its own way out.</summary>
    public async Task EndAsync(string session, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("update operator_sessions set ended_at = $2 where id = $1 and ended_at is null");
        command.Parameters.Add(new() { Value = session });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Ends a session of this operator; false when it was none of hers, or had ended.</summary>
    internal async Task<bool> EndAsync(NpgsqlConnection connection, string session, long operatorId, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "update operator_sessions set ended_at = $2 where id = $1 and operator_id = $3 and ended_at is null", connection);
        command.Parameters.Add(new() { Value = session });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(new() { Value = operatorId });
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    }

    /// <summary>Ends every session of an operator, but one if it is named.</summary>
    internal async Task<int> EndAllAsync(NpgsqlConnection connection, long operatorId, string? except, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            "update operator_sessions set ended_at = $2 where operator_id = $1 and ended_at is null and id is distinct from $3", connection);
        command.Parameters.Add(new() { Value = operatorId });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(new() { Value = (object?)except ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return await command.ExecuteNonQueryAsync(cancel);
    }
}
