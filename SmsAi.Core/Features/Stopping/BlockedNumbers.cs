using System.Globalization;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Core.Features.Stopping;

/// <summary>A blocked number as it is listed: never the number itself.</summary>
/// <param name="Alias">Of the person who texted from it; null when nobody did.</param>
public sealed record BlockedNumber(long Id, long? UserId, string? Alias, string Tail, string Reason, string By, DateTimeOffset At, DateTimeOffset? Until);

/// <summary>A page of blocked numbers, newest first.</summary>
/// <param name="People">How many people are blocked as such, under Users.</param>
public sealed record BlockedWindow(IReadOnlyList<BlockedNumber> Numbers, bool HasNewer, bool HasOlder, long Total, long People);

/// <summary>A number that was freed, so that it can be blocked again; the number is here as its keyed hash alone.</summary>
public sealed record FreedNumber(byte[] PhoneHash, string Tail, string Reason, DateTimeOffset? Until);

/// <summary>
/// Blocks numbers, also ones that never texted: what comes from them is kept and gets no answer, and nothing is sent to them. Intake and
/// gate read the row itself, so a block counts from its commit on.
/// </summary>
public sealed class BlockedNumbers(Databases databases, PhoneHasher hasher, LiveFeed live)
{
    public async Task<BlockedWindow> ReadAsync(long? before, long? after, int size, CancellationToken cancel)
    {
        await using var batch = databases.Pages.CreateBatch();
        batch.BatchCommands.Add(new(after is null ? HoldsSql.OlderBlocked : HoldsSql.NewerBlocked)
        {
            Parameters = { new() { Value = (object?)(after ?? before) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint }, new NpgsqlParameter<int> { TypedValue = size + 1 } },
        });
        batch.BatchCommands.Add(new(HoldsSql.CountBlocked));
        await using var rows = await batch.ExecuteReaderAsync(cancel);
        var numbers = new List<BlockedNumber>();
        while (await rows.ReadAsync(cancel))
        {
            numbers.Add(new BlockedNumber(
                rows.GetInt64(0), rows.IsDBNull(1) ? null : rows.GetInt64(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetString(3), rows.GetString(4),
                rows.GetString(5), rows.GetFieldValue<DateTimeOffset>(6), rows.IsDBNull(7) ? null : rows.GetFieldValue<DateTimeOffset>(7)));
        }

        await rows.NextResultAsync(cancel);
        await rows.ReadAsync(cancel);
        var goesOn = numbers.Count > size;
        if (goesOn) numbers.RemoveAt(size);
        if (after is not null) numbers.Reverse();
        return new(numbers, after is null ? before is not null : goesOn, after is not null || goesOn, rows.GetInt64(0), rows.GetInt64(1));
    }

    /// <summary>False when it is blocked already.</summary>
    public Task<bool> BlockAsync(PhoneNumber number, string reason, DateTimeOffset? until, Actor actor, CancellationToken cancel)
    {
        if (!number.IsValid)
            throw new ArgumentException("It is no number of any country.", nameof(number));
        AuditReason.Demand(reason);
        return BlockAsync(new FreedNumber(hasher.Hash(number.Canonical), number.Tail, reason.Trim(), until), actor, cancel);
    }

    /// <summary>The number, to block it again; null when it was freed before.</summary>
    public async Task<FreedNumber?> FreeAsync(long id, string reason, Actor actor, CancellationToken cancel, long? undoes = null)
    {
        Demand(actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        FreedNumber freed;
        await using (var free = new NpgsqlCommand(HoldsSql.Free, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = id } } })
        {
            await using var row = await free.ExecuteReaderAsync(cancel);
            if (!await row.ReadAsync(cancel))
                return null;
            freed = new(row.GetFieldValue<byte[]>(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3));
        }

        await AuditTrail.AppendAsync(connection, Freed(actor, id, reason, undoes), cancel);
        await transaction.CommitAsync(cancel);
        Tell();
        return freed;
    }

    /// <summary>Undoes <see cref="FreeAsync"/>; false when somebody blocked it meanwhile.</summary>
    public async Task<bool> BlockAsync(FreedNumber number, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (!await BlockAsync(connection, number, number.Reason, actor, null, cancel))
            return false;
        await transaction.CommitAsync(cancel);
        Tell();
        return true;
    }

    /// <summary>In the caller's transaction, with its line of the trail; false when somebody blocked it meanwhile.</summary>
    internal static async Task<bool> BlockAsync(NpgsqlConnection connection, FreedNumber number, string why, Actor actor, long? undoes, CancellationToken cancel)
    {
        await using var block = new NpgsqlCommand(HoldsSql.Block, connection)
        {
            Parameters =
            {
                new NpgsqlParameter<byte[]> { TypedValue = number.PhoneHash },
                new NpgsqlParameter<string> { TypedValue = number.Tail },
                new NpgsqlParameter<string> { TypedValue = number.Reason },
                new NpgsqlParameter<string> { TypedValue = actor.Name },
                new() { Value = (object?)number.Until?.UtcDateTime ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
        if (await block.ExecuteScalarAsync(cancel) is not long id)
            return false;
        var metadata = new { before = new { blocked = false }, after = new { blocked = true, until = number.Until?.UtcDateTime }, reason = why, number = "··" + number.Tail, undoes };
        await AuditTrail.AppendAsync(connection, new AuditAct(actor, "number.block", Resource(id), JsonSerializer.Serialize(metadata, AuditTrail.WithoutNulls)), cancel);
        return true;
    }

    internal static AuditAct Freed(Actor actor, long id, string reason, long? undoes = null) => new(
        actor, "number.free", Resource(id), JsonSerializer.Serialize(new { before = new { blocked = true }, after = new { blocked = false }, reason, undoes }, AuditTrail.WithoutNulls));

    private void Tell()
    {
        live.Publish(LiveTopics.Controls);
        live.Publish(LiveTopics.People);
    }

    private static void Demand(Actor actor)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Blocking numbers needs the right to operate.");
    }

    private static string Resource(long id) => string.Create(CultureInfo.InvariantCulture, $"sender:{id}");
}
