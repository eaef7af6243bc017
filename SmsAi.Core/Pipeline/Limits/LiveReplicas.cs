using Npgsql;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>How many replicas share the work, for dividing what can't be counted together. Asked only while Redis is away.</summary>
internal sealed class LiveReplicas(Databases databases, TimeProvider clock)
{
    private const string CountLiving = "select count(*)::int from replicas where stopped_at is null and seen_at > now() - interval '10 s'";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Usable = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Reading? _last;
    private Task? _counting;

    /// <summary>The last count, renewed in the background. Without one of the last minute, as when Redis has just gone, the new one is waited for.</summary>
    public async ValueTask<int> CountAsync(CancellationToken cancel)
    {
        var known = Volatile.Read(ref _last);
        var age = known is null ? TimeSpan.MaxValue : clock.GetElapsedTime(known.At);
        var renewed = age > Fresh ? Renewed() : Task.CompletedTask;
        if (age > Usable)
            await renewed.WaitAsync(cancel);
        return Volatile.Read(ref _last)?.Count ?? 1;
    }

    private Task Renewed()
    {
        lock (_gate)
            return _counting is { IsCompleted: false } ? _counting : _counting = AskAsync();
    }

    private async Task AskAsync()
    {
        try
        {
            await using var command = databases.Road.CreateCommand(CountLiving);
            var count = (int)(await command.ExecuteScalarAsync())!;
            Volatile.Write(ref _last, new Reading(Math.Max(1, count), clock.GetTimestamp()));
        }
        catch (Exception fault) when (fault is NpgsqlException or ObjectDisposedException)
        {
            // The last count stays; without the database nothing is answered anyway.
        }
    }

    private sealed record Reading(int Count, long At);
}
