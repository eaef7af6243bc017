using Npgsql;

namespace SmsAi.Core.Platform.Database;

/// <summary>Tells what a person can only wait for from what is a fault of ours and belongs in the log.</summary>
public static class Outages
{
    /// <summary>
    /// The database did not answer, or not in time; a statement it refuses is a fault of ours. EF Core hides what may pass inside an exception
    /// of its own.
    /// </summary>
    public static bool IsOutage(this Exception fault) => fault switch
    {
        PostgresException refused => refused.IsTransient || refused.SqlState == PostgresErrorCodes.QueryCanceled,
        InvalidOperationException { InnerException: NpgsqlException or TimeoutException } => IsOutage(fault.InnerException),
        _ => fault is NpgsqlException or TimeoutException,
    };
}
