using Npgsql;

namespace SmsAi.Core.Platform.Access;

/// <summary>
/// Asked for inside a command whose act is dangerous: the operator's session must still be open, and have shown a second factor within the
/// last five minutes if the operator has one. Whoever acts without a session (the service, the command line, a key) has other bounds.
/// </summary>
public static class FreshFactor
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private const string Look = """
        select o.two_factor_enabled, s.must_enrol, coalesce(s.second_factor_at > clock_timestamp() - $2, false)
        from operator_sessions s join operators o on o.id = s.operator_id
        where s.id = $1 and s.ended_at is null and not o.is_disabled
        """;

    /// <summary>
    /// Throws <see cref="SecondFactorNeededException"/>, or <see cref="UnauthorizedAccessException"/> when the session has ended.
    /// Call it in the command's own transaction, before its effect.
    /// </summary>
    public static async Task DemandAsync(NpgsqlConnection connection, string? session, CancellationToken cancel)
    {
        if (session is null) return;
        await using var command = new NpgsqlCommand(Look, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = session });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Life });
        await using var row = await command.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel)) throw new UnauthorizedAccessException("The session has ended.");
        var (hasOne, mustEnrol, isFresh) = (row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2));
        if (mustEnrol || (hasOne && !isFresh)) throw new SecondFactorNeededException(mustEnrol);
    }
}

/// <summary>The act needs a second factor shown within the last five minutes; pages ask for it and try again.</summary>
public sealed class SecondFactorNeededException(bool mustEnrol) : Exception("The act needs a second factor shown within the last five minutes.")
{
    /// <summary>There is none yet, though the role asks for one: it must be set up first.</summary>
    public bool MustEnrol { get; } = mustEnrol;
}
