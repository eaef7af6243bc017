using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.People;

/// <summary>What a tier allows, as it is written in the table: only what the road goes by.</summary>
public sealed record TierRules(int PerMinute, int PerDay, short Priority);

/// <summary>A tier with how many people are in it, and the configured keys that win over its row.</summary>
public sealed record TierView(short Id, string Name, TierRules Rules, long People, int? KeyPerMinute, int? KeyPerDay);

/// <summary>What came of a change of the tiers.</summary>
public enum TierOutcome
{
    Done,

    /// <summary>Somebody else changed or removed it meanwhile.</summary>
    Conflict,

    /// <summary>There is one of that name.</summary>
    NameTaken,

    /// <summary>Somebody is in it, or new people begin in it.</summary>
    InUse,
}

/// <summary>Reads, adds, changes and removes tiers; each change in one transaction with its line of the audit trail. The road follows within ten seconds.</summary>
public sealed partial class Tiers(Databases databases, IOptions<LimitsOptions> keys, LiveFeed live)
{
    public const int MostPerMinute = 10_000;
    public const int MostPerDay = 1_000_000;
    public const int HighestPriority = 9;

    /// <summary>New people begin here.</summary>
    public const short FirstTier = 1;

    private const string All = """
        select t.id, t.name, t.per_minute, t.per_day, t.priority, (select count(*) from users u where u.tier_id = t.id) from tiers t order by t.priority, t.id
        """;

    /// <summary>$1 per minute $2 per day $3 priority $4 name</summary>
    private const string Insert = "insert into tiers (per_minute, per_day, priority, name) values ($1, $2, $3, $4) on conflict (name) do nothing";

    /// <summary>$1 per minute $2 per day $3 priority $4 name $5 to $7 the same as they were seen</summary>
    private const string Update = """
        update tiers set per_minute = $1, per_day = $2, priority = $3 where name = $4 and per_minute = $5 and per_day = $6 and priority = $7
        """;

    /// <summary>$1 tier. People who come in at this very moment keep it by their foreign key.</summary>
    private const string Delete = "delete from tiers t where t.name = $1 and t.id <> 1 and not exists (select from users u where u.tier_id = t.id)";

    public async Task<IReadOnlyList<TierView>> ReadAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(All);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var tiers = new List<TierView>();
        while (await rows.ReadAsync(cancel))
        {
            var key = keys.Value.Tiers.TryGetValue(rows.GetString(1), out var found) ? found : null;
            tiers.Add(new(
                rows.GetInt16(0), rows.GetString(1), new(rows.GetInt32(2), rows.GetInt32(3), rows.GetInt16(4)), rows.GetInt64(5), key?.PerMinute, key?.PerDay));
        }

        return tiers;
    }

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? FaultOfName(string name) =>
        Name().IsMatch(name) ? null : "Up to 20 small letters, digits and hyphens, beginning with a letter.";

    public Task<TierOutcome> AddAsync(string name, TierRules rules, Actor actor, CancellationToken cancel)
    {
        if (FaultOfName(name) is { } fault)
            throw new ArgumentException(fault, nameof(name));
        return ActAsync(new(Insert) { Parameters = { N(rules.PerMinute), N(rules.PerDay), N(rules.Priority), new() { Value = name } } },
            Entry(actor, "tier.add", name, new { after = rules }), TierOutcome.NameTaken, rules, cancel);
    }

    /// <summary>Changes a tier if it is still as it was seen.</summary>
    public Task<TierOutcome> ChangeAsync(TierView seen, TierRules rules, Actor actor, CancellationToken cancel) => ActAsync(
        new(Update)
        {
            Parameters =
            {
                N(rules.PerMinute), N(rules.PerDay), N(rules.Priority), new() { Value = seen.Name },
                N(seen.Rules.PerMinute), N(seen.Rules.PerDay), N(seen.Rules.Priority),
            },
        },
        Entry(actor, "tier.change", seen.Name, new { before = seen.Rules, after = rules }), TierOutcome.Conflict, rules, cancel);

    /// <summary>Removes a tier nobody is in.</summary>
    public async Task<TierOutcome> RemoveAsync(TierView seen, Actor actor, CancellationToken cancel)
    {
        try
        {
            return await ActAsync(new(Delete) { Parameters = { new() { Value = seen.Name } } },
                Entry(actor, "tier.remove", seen.Name, new { before = seen.Rules }), TierOutcome.InUse, seen.Rules, cancel);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return TierOutcome.InUse;
        }
    }

    private async Task<TierOutcome> ActAsync(NpgsqlCommand command, AuditAct entry, TierOutcome otherwise, TierRules rules, CancellationToken cancel)
    {
        if (!Rights.Roles[Rights.CanAdminister].Contains(entry.Actor.Role))
            throw new UnauthorizedAccessException("Changing tiers needs the right to administer.");
        ArgumentOutOfRangeException.ThrowIfNotEqual(rules, Within(rules));
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var act = command;
        act.Connection = connection;
        if (await act.ExecuteNonQueryAsync(cancel) == 0)
            return otherwise;
        await AuditTrail.AppendAsync(connection, entry, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.People);
        return TierOutcome.Done;
    }

    private static TierRules Within(TierRules rules) => new(
        Math.Clamp(rules.PerMinute, 0, MostPerMinute), Math.Clamp(rules.PerDay, 0, MostPerDay), Math.Clamp(rules.Priority, (short)0, (short)HighestPriority));

    private static AuditAct Entry(Actor actor, string act, string name, object metadata) =>
        new(actor, act, "tier:" + name, JsonSerializer.Serialize(metadata, JsonSerializerOptions.Web));

    private static NpgsqlParameter N(int number) => new() { Value = number, NpgsqlDbType = NpgsqlDbType.Integer };

    [GeneratedRegex("^[a-z][a-z0-9-]{0,19}$")]
    private static partial Regex Name();
}
