using Npgsql;

namespace SmsAi.Core.Platform.Database;

/// <summary>
/// Heals pools whose statements are prepared by themselves. A session that has lost one of them, while the driver still believes it there, fails
/// with that statement for ever and is given out again and again.
/// </summary>
public static class LostStatements
{
    /// <summary>When that was the fault, every connection of the pool is given up, the busy ones once they come back; true then.</summary>
    public static bool BeginAnewAfter(this NpgsqlDataSource pool, Exception fault)
    {
        if (fault.GetBaseException() is not PostgresException { SqlState: PostgresErrorCodes.InvalidSqlStatementName })
            return false;
        pool.Clear();
        return true;
    }
}
