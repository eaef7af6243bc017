using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>How many replicas share the work, for dividing what can't be counted together. Asked only while Redis is away.</summary>
internal sealed class LiveReplicas(Databases databases, TimeProvider clock)
{
    private const string CountLiving = "select count(*)::int from replicas where stopped_at is null and seen_at > now() - interval '10 s'";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private int count = 1;
    private long countedAt;
    private int counting;

    /// <summary>The last count, renewed in the background; 1 before the first.</summary>
    public int Count
    {
        get
        {
            var at = Volatile.Read(ref countedAt);
            if ((at == 0 || clock.GetElapsedTime(at) > Fresh) && Interlocked.Exchange(ref counting, 1) == 0)
                _ = CountAsync();
            return Volatile.Read(ref count);
        }
    }

    internal async Task CountAsync()
    {
        try
        {
            await using var command = databases.Road.CreateCommand(CountLiving);
            Volatile.Write(ref count, Math.Max(1, (int)(await command.ExecuteScalarAsync())!));
            Volatile.Write(ref countedAt, clock.GetTimestamp());
        }
        catch (NpgsqlException)
        {
            // The last count stays; without the database nothing is answered anyway.
        }
        finally
        {
            Volatile.Write(ref counting, 0);
        }
    }
}
