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

/// <summary>Holds on a person, a tier, a kind of send or one of our numbers: what is to be sent there waits until the hold is lifted or over.</summary>
public sealed class Holds(Databases databases, PhoneHasher hasher, LiveFeed live)
{
    public const int MostShown = 50;

    /// <summary>Newest first, at most <see cref="MostShown"/>.</summary>
    public async Task<IReadOnlyList<Hold>> ReadAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(HoldsSql.All);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MostShown });
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var holds = new List<Hold>();
        while (await rows.ReadAsync(cancel))
        {
            holds.Add(new Hold(
                rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetInt64(3), Text(rows, 4), Text(rows, 5), rows.GetString(6),
                rows.GetString(7), rows.GetFieldValue<DateTimeOffset>(8), rows.IsDBNull(9) ? null : rows.GetFieldValue<DateTimeOffset>(9), rows.GetInt64(10)));
        }

        return holds;
    }

    /// <summary>The names of the tiers there are.</summary>
    public async Task<IReadOnlyList<string>> TiersAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand("select name from tiers order by priority, id");
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var names = new List<string>();
        while (await rows.ReadAsync(cancel)) names.Add(rows.GetString(0));
        return names;
    }

    /// <summary>The person of an alias or a whole number; null when nobody here has it.</summary>
    public async Task<HoldTarget.Person?> FindAsync(string aliasOrNumber, CancellationToken cancel)
    {
        var number = PhoneNumber.Parse(aliasOrNumber);
        await using var command = databases.Pages.CreateCommand(HoldsSql.Find);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = aliasOrNumber.Trim().ToLowerInvariant() });
        command.Parameters.Add(new NpgsqlParameter { Value = number.IsValid ? hasher.Hash(number.Canonical) : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea });
        return await command.ExecuteScalarAsync(cancel) is long id ? new(id) : null;
    }

    /// <summary>The hold's id; counts from this commit on, also for texts being answered now.</summary>
    public Task<long> HoldPersonAsync(long userId, string reason, Actor actor, CancellationToken cancel, DateTimeOffset? until = null) =>
        PlaceAsync(new HoldTarget.Person(userId), reason, until, actor, cancel);

    /// <summary>The hold's id; counts from this commit on, also for texts being answered now.</summary>
    public async Task<long> PlaceAsync(HoldTarget target, string reason, DateTimeOffset? until, Actor actor, CancellationToken cancel)
    {
        Demand(actor);
        AuditReason.Demand(reason);
        if (target is HoldTarget.Kind { Name: var kind } && !HoldTarget.Kinds.Contains(kind))
            throw new ArgumentException($"There is no kind {kind} to hold.", nameof(target));
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var place = new NpgsqlCommand(HoldsSql.Place, connection)
        {
            Parameters =
            {
                Optional((target as HoldTarget.Person)?.Id, NpgsqlDbType.Bigint),
                Optional((target as HoldTarget.OurNumber)?.Number, NpgsqlDbType.Text),
                Optional((target as HoldTarget.Tier)?.Name, NpgsqlDbType.Text),
                Optional((target as HoldTarget.Kind)?.Name, NpgsqlDbType.Text),
                new NpgsqlParameter<string> { TypedValue = reason.Trim() },
                new NpgsqlParameter<string> { TypedValue = actor.Name },
                Optional(until?.UtcDateTime, NpgsqlDbType.TimestampTz),
            },
        };
        var id = (long)(await place.ExecuteScalarAsync(cancel))!;
        var after = new { held = true, until = until?.UtcDateTime };
        await AuditTrail.AppendAsync(
            connection, new AuditAct(actor, "hold.place", Resource(target), JsonSerializer.Serialize(new { id, before = new { held = false }, after, reason })), cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Controls);
        live.Publish(LiveTopics.People);
        return id;
    }

    /// <summary>False when it was lifted before.</summary>
    public async Task<bool> LiftAsync(long id, string reason, Actor actor, CancellationToken cancel, long? undoes = null)
    {
        Demand(actor);
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var lift = new NpgsqlCommand(HoldsSql.Lift, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = id } } };
        if (await lift.ExecuteScalarAsync(cancel) is not string resource)
            return false;
        await AuditTrail.AppendAsync(connection, Lifted(actor, id, resource, reason, undoes), cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.Controls);
        live.Publish(LiveTopics.People);
        return true;
    }

    internal static AuditAct Lifted(Actor actor, long id, string resource, string reason, long? undoes = null) => new(
        actor, "hold.lift", resource, JsonSerializer.Serialize(new { id, before = new { held = true }, after = new { held = false }, reason, undoes }, AuditTrail.WithoutNulls));

    private static void Demand(Actor actor)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Holding sends needs the right to operate.");
    }

    /// <summary>Our own number is no secret, but a log of acts holds no numbers at all.</summary>
    private static string Resource(HoldTarget target) => target switch
    {
        HoldTarget.Person person => string.Create(CultureInfo.InvariantCulture, $"user:{person.Id}"),
        HoldTarget.Tier tier => "tier:" + tier.Name,
        HoldTarget.Kind kind => "kind:" + kind.Name,
        _ => "number",
    };

    private static NpgsqlParameter Optional(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
