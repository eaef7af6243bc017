using System.Net.Sockets;
using Npgsql;

namespace SmsAi.Core.Pipeline.Ledger;

/// <summary>Tells faults that pass or need an administrator from faults of what is being applied.</summary>
internal static class DatabaseOutage
{
    // Connection, rights and logins, transaction state and idle time-out, a session's loss, deadlock, resources, locks, shutdown and cancellation, system, internal;
    // 42 is a table or a right that is missing: halving a batch would not make it whole.
    private static readonly HashSet<string> Classes = ["08", "25", "26", "28", "3D", "40", "42", "53", "55", "57", "58", "XX"];

    public static bool Is(Exception fault) => fault switch
    {
        PostgresException postgres => Classes.Contains(postgres.SqlState[..2]),
        NpgsqlException => true,
        TimeoutException or IOException or SocketException or OperationCanceledException => true,
        _ => false,
    };
}
