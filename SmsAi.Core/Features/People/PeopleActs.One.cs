using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.People;

/// <summary>What came of changing one person: her version now, or who was faster.</summary>
/// <param name="Version">Null when there is no such person, or somebody else changed her.</param>
public sealed record OneChanged(int? Version, bool IsConflict, string? ConflictBy);

public sealed partial class PeopleActs
{
    /// <summary>Several changes of one person at once or none, if she is still as she was seen; what is so already stays without a line in the trail.</summary>
    public async Task<OneChanged> ChangeOneAsync(IReadOnlyList<PeopleChange> changes, PersonVersion person, string reason, Actor actor, CancellationToken cancel)
    {
        Demand(actor, reason);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await LockAsync(connection, [person.Id], null, cancel) is not [var now])
            return new(null, false, null);
        if (person.Version is { } seen && seen != now.Version)
            return new(null, true, await LastActorAsync(connection, person.Id, cancel));
        PeopleChange[] wanted = [.. changes.Where(change => change.Changes(now.TierBefore, now.WasBlocked, now.Tag))];
        foreach (var change in wanted)
        {
            await WriteAsync(connection, change, [person.Id], cancel);
            await AuditTrail.AppendAsync(connection, Entry(change, [now], reason, actor, mark: null), cancel);
        }

        await transaction.CommitAsync(cancel);
        if (wanted.Length > 0)
            live.Publish(LiveTopics.People);
        return new(now.Version + wanted.Length, false, null);
    }
}
