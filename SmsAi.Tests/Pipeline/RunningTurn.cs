using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline;

/// <summary>A turn as a worker has it, with nobody at work on it.</summary>
internal static class RunningTurn
{
    /// <summary>A text that is held, made to run under a lease of this replica. Everything is stopped.</summary>
    public static async Task<Turn> BeginAsync(RoadHost road, TestDatabase database, string from)
    {
        await road.Switches.StopAllAsync(RoadHost.Admin, "", CancellationToken.None);
        await road.TextAsync(from, "hello");
        await Until.EqualAsync(1L, () => database.ScalarAsync<long>("select count(*) from queue where state = 'held'"));
        await Until.EqualAsync(0L, () => database.ScalarAsync<long>("select count(*) from conversations where lease_until is not null"));
        await database.ExecuteAsync("""
            delete from events where type <> 'received';
            update queue set state = 'running', held_by = null;
            update conversations set version = 1;
            """);
        return await LeaseAsync(road, database);
    }

    /// <summary>The same turn under a new lease of this replica, as if the one before had run out.</summary>
    public static async Task<Turn> LeaseAsync(RoadHost road, TestDatabase database)
    {
        await database.ExecuteAsync(
            "update conversations set fence = fence + 1, lease_owner = (select max(id) from replicas), lease_until = now() + interval '1 hour'");
        var (item, fence) = (await database.ScalarAsync<long>("select id from queue"), await database.ScalarAsync<long>("select fence from conversations"));
        return (await road.Get<TurnLoader>().LoadAsync([(item, fence)], CancellationToken.None)).ShouldHaveSingleItem();
    }
}
