using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.People;

/// <summary>Moves people to another tier, blocks and unblocks them, puts tags on and takes them off: each act in one transaction with its line of the audit trail.</summary>
public sealed partial class PeopleActs(Databases databases, LiveFeed live, TimeProvider clock)
{
    internal const string Blocked = "blocked";
    private const int AtOnce = 500;

    /// <summary>What a change would do to these people.</summary>
    public async Task<IReadOnlyList<PreviewLine>> PreviewAsync(PeopleChange change, IReadOnlyCollection<long> people, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(change.Tag is null ? PeopleChangeSql.PreviewOf : PeopleChangeSql.PreviewTagOf);
        command.Parameters.Add(new() { Value = people.ToArray() });
        AddTag(command, change);
        return await LinesAsync(command, change, cancel);
    }

    /// <summary>What a change would do to all that match.</summary>
    public async Task<IReadOnlyList<PreviewLine>> PreviewAsync(PeopleChange change, PeopleFilter filter, CancellationToken cancel)
    {
        var sql = change.Tag is null ? PeopleChangeSql.PreviewAll : PeopleChangeSql.PreviewTagAll;
        await using var command = await PeopleParameters.CommandAsync(databases, sql, filter, clock.GetUtcNow(), AtOnce, cancel);
        AddTag(command, change);
        return await LinesAsync(command, change, cancel);
    }

    /// <summary>Changes these people, except those somebody else has changed since they were seen.</summary>
    public async Task<PeopleChanged> ChangeAsync(PeopleChange change, IReadOnlyList<PersonVersion> people, string reason, Actor actor, CancellationToken cancel)
    {
        Demand(actor, reason, change);
        var changed = await ChangeOnceAsync(change, people, reason, actor, cancel);
        if (changed.Changed.Count > 0)
            live.Publish(LiveTopics.People);
        return changed;
    }

    /// <summary>
    /// Changes all that match, a few hundred at a time, so that nobody waits for their rows; whoever cancels keeps what is done. Returns how
    /// many were changed, and the mark under which <see cref="UndoAllAsync"/> finds them.
    /// </summary>
    public async Task<ChangedAll> ChangeAllAsync(PeopleChange change, PeopleFilter filter, string reason, Actor actor, IProgress<long> progress, CancellationToken cancel)
    {
        Demand(actor, reason, change);
        var mark = Guid.CreateVersion7().ToString("N");
        var (done, looked) = (0L, 0L);
        try
        {
            for (long? last = null; await NextAsync(filter, last, cancel) is { Length: > 0 } next; last = next[^1])
            {
                done += (await ChangeOnceAsync(change, [.. next.Select(id => new PersonVersion(id, null))], reason, actor, cancel, mark)).Changed.Count;
                progress.Report(looked += next.Length);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // What is done stays, and stands in the audit trail.
        }

        live.Publish(LiveTopics.People);
        return new(done, mark);
    }

    /// <summary>Puts back whoever a change of all that match has changed, as the trail names them; those changed since stay as they are.</summary>
    public async Task<PeopleChanged> UndoAllAsync(PeopleChange change, string mark, Actor actor, CancellationToken cancel)
    {
        Demand(actor, "Undone");
        var (back, conflicts) = (new List<ChangedPerson>(), 0);
        foreach (var (was, people) in await ChangedUnderAsync(mark, null, cancel))
        {
            var before = change.Undo(was);
            foreach (var some in people.Chunk(AtOnce))
            {
                var put = await ChangeOnceAsync(before, [.. some.Select(id => new PersonVersion(id, null))], "Undone", actor, cancel, onlyIf: change);
                back.AddRange(put.Changed);
                conflicts += put.Conflicts;
            }
        }

        live.Publish(LiveTopics.People);
        return new(back, 0, conflicts, null);
    }

    /// <summary>Puts people back to what they were before a change, unless somebody changed them since.</summary>
    public async Task<PeopleChanged> UndoAsync(PeopleChange change, IReadOnlyList<ChangedPerson> changed, Actor actor, CancellationToken cancel)
    {
        var back = changed.GroupBy(person => change.Undo(change.Was(person)));
        var all = PeopleChanged.Nobody;
        foreach (var group in back)
        {
            var put = await ChangeAsync(group.Key, [.. group.Select(person => new PersonVersion(person.Id, person.Version))], "Undone", actor, cancel);
            all = new([.. all.Changed, .. put.Changed], all.AlreadySo + put.AlreadySo, all.Conflicts + put.Conflicts, put.ConflictBy ?? all.ConflictBy);
        }

        return all;
    }

    private static void Demand(Actor actor, string reason, PeopleChange? change = null)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Changing people needs the right to operate.");
        AuditReason.Demand(reason);
        if (change is { Tag: { } tag, IsTagged: true } && PersonActs.FaultOfTag(tag) is { } fault)
            throw new ArgumentException(fault, nameof(change));
    }

    /// <summary>What people were before a change of all that match, by tier or blocking.</summary>
    private async Task<Dictionary<string, List<long>>> ChangedUnderAsync(string mark, DateTimeOffset? about, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(PeopleChangeSql.ChangedUnder);
        command.Parameters.Add(new() { Value = mark });
        command.Parameters.Add(new() { Value = (object?)about?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var were = new Dictionary<string, List<long>>();
        while (await rows.ReadAsync(cancel))
        {
            if (!were.TryGetValue(rows.GetString(0), out var people))
                were[rows.GetString(0)] = people = [];
            people.Add(rows.GetInt64(1));
        }

        return were;
    }

    private async Task<PeopleChanged> ChangeOnceAsync(
        PeopleChange change, IReadOnlyList<PersonVersion> people, string reason, Actor actor, CancellationToken cancel, string? mark = null, PeopleChange? onlyIf = null,
        long? undoes = null)
    {
        var known = people.ToDictionary(person => person.Id, person => person.Version);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var now = await LockAsync(connection, [.. known.Keys], change.Tag, cancel);
        ChangedPerson[] asSeen = [.. now.Where(person => known[person.Id] is { } version
            ? version == person.Version
            : onlyIf is null || !onlyIf.Changes(person.TierBefore, person.WasBlocked, person.Tag))];
        ChangedPerson[] wanted = [.. asSeen.Where(person => change.Changes(person.TierBefore, person.WasBlocked, person.Tag))];
        var by = now.Count == asSeen.Length ? null : await LastActorAsync(connection, now.Except(asSeen).First().Id, cancel);
        if (wanted.Length > 0)
        {
            await WriteAsync(connection, change, [.. wanted.Select(person => person.Id)], cancel);
            await AuditTrail.AppendAsync(connection, Entry(change, wanted, reason, actor, mark, undoes), cancel);
            await transaction.CommitAsync(cancel);
        }

        return new([.. wanted.Select(person => person with { Version = person.Version + 1 })], asSeen.Length - wanted.Length, now.Count - asSeen.Length, by);
    }

    private static async Task<List<ChangedPerson>> LockAsync(NpgsqlConnection connection, long[] people, string? tag, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PeopleChangeSql.Lock, connection)
        {
            Parameters =
            {
                new() { Value = people },
                new() { Value = (object?)tag ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = PersonActs.MostTags },
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var locked = new List<ChangedPerson>(people.Length);
        while (await rows.ReadAsync(cancel))
            locked.Add(new(rows.GetInt64(0), rows.GetInt32(1), rows.GetString(2), rows.GetBoolean(3), (TagPlace)rows.GetInt32(4)));
        return locked;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, PeopleChange change, long[] people, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        var (sql, wanted) = change switch
        {
            { Tag: { } tag } => (change.IsTagged ? PeopleChangeSql.PutTag : PeopleChangeSql.TakeTag, (object)tag),
            { Tier: { } tier } => (PeopleChangeSql.Move, tier),
            _ => (PeopleChangeSql.Block, change.IsBlocked == true),
        };
        batch.BatchCommands.Add(new(sql) { Parameters = { new() { Value = people }, new() { Value = wanted } } });
        if (change.IsBlocked == false)
            batch.BatchCommands.Add(new(PeopleChangeSql.FreeNumbers) { Parameters = { new() { Value = people } } });
        try
        {
            await batch.ExecuteNonQueryAsync(cancel);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.NotNullViolation)
        {
            throw new TierGoneException(fault);
        }
    }

    private static AuditAct Entry(PeopleChange change, ChangedPerson[] people, string reason, Actor actor, string? mark, long? undoes = null)
    {
        var isOne = mark is null && people.Length == 1;
        var metadata = new Dictionary<string, object?>();
        if (!isOne)
            metadata["people"] = people.Length;
        if (change.Tag is { } tag)
            metadata["tag"] = tag;
        metadata["before"] = isOne ? One(people[0]) : people.GroupBy(change.Was).ToDictionary(group => group.Key, group => group.Select(person => person.Id).ToArray());
        metadata["after"] = change switch
        {
            { Tag: not null } => new { tagged = change.IsTagged },
            { Tier: { } tier } => new { tier },
            _ => new { blocked = change.IsBlocked },
        };
        metadata["reason"] = reason;
        if (mark is not null)
            metadata["change"] = mark;
        if (undoes is { } line)
            metadata["undoes"] = line;
        return new(actor, change.Word, isOne ? Resource(people[0].Id) : "users", JsonSerializer.Serialize(metadata));

        object One(ChangedPerson person) => change switch
        {
            { Tag: not null } => new { tagged = person.Tag == TagPlace.On },
            { Tier: null } => new { blocked = person.WasBlocked },
            _ => new { tier = person.TierBefore },
        };
    }

    private static string Resource(long person) => string.Create(CultureInfo.InvariantCulture, $"user:{person}");

    private static async Task<string?> LastActorAsync(NpgsqlConnection connection, long person, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PeopleChangeSql.LastActor, connection) { Parameters = { new() { Value = Resource(person) } } };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    private static async Task<IReadOnlyList<PreviewLine>> LinesAsync(NpgsqlCommand command, PeopleChange change, CancellationToken cancel)
    {
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var lines = new List<PreviewLine>();
        while (await rows.ReadAsync(cancel))
        {
            var (tier, isBlocked, tag) = change.Tag is null ? (rows.GetString(0), rows.GetBoolean(1), TagPlace.Off) : ("", false, (TagPlace)rows.GetInt32(0));
            lines.Add(new(tier, isBlocked, rows.GetInt64(change.Tag is null ? 2 : 1), change.Changes(tier, isBlocked, tag), tag));
        }

        return lines;
    }

    private static void AddTag(NpgsqlCommand command, PeopleChange change)
    {
        if (change.Tag is not { } tag)
            return;
        command.Parameters.Add(new() { Value = tag });
        command.Parameters.Add(new() { Value = PersonActs.MostTags });
    }

    private async Task<long[]> NextAsync(PeopleFilter filter, long? last, CancellationToken cancel)
    {
        var place = last is { } id ? new PeoplePlace("", id, IsBefore: false) : null;
        await using var command = await PeopleParameters.CommandAsync(
            databases, PeopleChangeSql.Next, filter, clock.GetUtcNow(), AtOnce, cancel, PeopleOrder.Alias, place);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var ids = new List<long>(AtOnce);
        while (await rows.ReadAsync(cancel))
            ids.Add(rows.GetInt64(0));
        return [.. ids];
    }
}

/// <summary>People were to be moved to a tier that somebody removed meanwhile; nothing was changed.</summary>
public sealed class TierGoneException(Exception cause) : Exception("The tier was removed meanwhile.", cause);
