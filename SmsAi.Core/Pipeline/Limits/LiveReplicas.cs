using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>How many replicas share the work, for dividing what can't be counted together. Asked only while Redis is away.</summary>
internal sealed class LiveReplicas(Databases databases, TimeProvider clock)
{
    private const string CountLiving = "select count(*)::int from replicas where stopped_at is null and seen_at > now() - interval '10 s'";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Usable = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Reading? last;
    private Task? counting;

    /// <summary>The last count, renewed in the background. Without one of the last minute, as when Redis has just gone, the new one is waited for.</summary>
    public async ValueTask<int> CountAsync(CancellationToken cancel)
    {
        var known = Volatile.Read(ref last);
        var age = known is null ? TimeSpan.MaxValue : clock.GetElapsedTime(known.At);
        var renewed = age > Fresh ? Renewed() : Task.CompletedTask;
        if (age > Usable)
            await renewed.WaitAsync(cancel);
        return Volatile.Read(ref last)?.Count ?? 1;
    }

    private Task Renewed()
    {
        lock (gate)
            return counting is { IsCompleted: false } ? counting : counting = AskAsync();
    }

    private async Task AskAsync()
    {
        try
        {
            await using var command = databases.Road.CreateCommand(CountLiving);
            var count = (int)(await command.ExecuteScalarAsync())!;
            Volatile.Write(ref last, new Reading(Math.Max(1, count), clock.GetTimestamp()));
        }
        catch (Exception fault) when (fault is NpgsqlException or ObjectDisposedException)
        {
            // The last count stays; without the database nothing is answered anyway.
        }
    }

    private sealed record Reading(int Count, long At);
}
