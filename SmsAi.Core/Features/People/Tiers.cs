using System.Text.Json;
using System.Text.Json.Serialization;
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

/// <summary>What a tier allows, as it is written in the table: only what the road goes by. A limit of 0 is none.</summary>
public sealed record TierRules(int PerMinute, int PerDay, short Priority)
{
    public const long MicrosPerDollar = 1_000_000;

    /// <summary>Answers a UTC month.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public int PerMonth { get; init; }

    /// <summary>In and out together, a UTC month.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long TokensPerMonth { get; init; }

    /// <summary>Micro-dollars, model and carrier together, a UTC month.</summary>
    [JsonIgnore] public long MicrosPerMonth { get; init; }

    /// <summary>The same as the audit trail says it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public decimal DollarsPerMonth => MicrosPerMonth / (decimal)MicrosPerDollar;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public int SegmentsPerMonth { get; init; }

    /// <summary>Names with one space between; null: whichever model is set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Models { get; init; }

    /// <summary>Earlier messages the model is shown; null: as set.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public short? ContextTurns { get; init; }
}

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
    public const int MostPerMonth = 10_000_000;
    public const long MostTokens = 10_000_000_000;
    public const int MostDollars = 1_000_000;
    public const int MostModels = 10;
    public const int MostTurns = 50;

    /// <summary>New people begin here.</summary>
    public const short FirstTier = 1;

    private const string All = """
        select t.id, t.name, t.per_minute, t.per_day, t.priority, (select count(*) from users u where u.tier_id = t.id),
          t.per_month, t.tokens_month, t.micros_month, t.segments_month, array_to_string(t.models, ' '), t.context_turns
        from tiers t order by t.priority, t.id
        """;

    /// <summary>$1 name $2 per minute $3 per day $4 priority $5 per month $6 tokens $7 micros $8 segments $9 models $10 turns</summary>
    private const string Insert = """
        insert into tiers (name, per_minute, per_day, priority, per_month, tokens_month, micros_month, segments_month, models, context_turns)
        values ($1, $2, $3, $4, $5, $6, $7, $8, string_to_array($9, ' '), $10) on conflict (name) do nothing
        """;

    /// <summary>$1 name $2 to $10 the rules as they were seen</summary>
    private const string IsAsSeen = """
        name = $1 and (per_minute, per_day, priority, per_month, tokens_month, micros_month, segments_month, models, context_turns)
          is not distinct from ($2::int, $3::int, $4::int, $5::int, $6::bigint, $7::bigint, $8::int, string_to_array($9, ' '), $10::int)
        """;

    /// <summary>And $11 to $19 the new rules.</summary>
    private const string Update = $"""
        update tiers set per_minute = $11, per_day = $12, priority = $13, per_month = $14, tokens_month = $15, micros_month = $16, segments_month = $17,
          models = string_to_array($18, ' '), context_turns = $19
        where {IsAsSeen}
        """;

    /// <summary>As seen. People who come in at this very moment keep it by their foreign key.</summary>
    private const string Delete = $"delete from tiers t where {IsAsSeen} and t.id <> 1 and not exists (select from users u where u.tier_id = t.id)";

    /// <summary>$1 name</summary>
    private const string IsInUse = "select exists (select from tiers t where t.name = $1 and (t.id = 1 or exists (select from users u where u.tier_id = t.id)))";

    public async Task<IReadOnlyList<TierView>> ReadAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(All);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var tiers = new List<TierView>();
        while (await rows.ReadAsync(cancel))
        {
            var key = keys.Value.Tiers.TryGetValue(rows.GetString(1), out var found) ? found : null;
            tiers.Add(new(
                rows.GetInt16(0), rows.GetString(1), Rules(rows), rows.GetInt64(5), key?.PerMinute, key?.PerDay));
        }

        return tiers;
    }

    private static TierRules Rules(NpgsqlDataReader row) => new(row.GetInt32(2), row.GetInt32(3), row.GetInt16(4))
    {
        PerMonth = row.GetInt32(6),
        TokensPerMonth = row.GetInt64(7),
        MicrosPerMonth = row.GetInt64(8),
        SegmentsPerMonth = row.GetInt32(9),
        Models = row.GetString(10) is { Length: > 0 } models ? models : null,
        ContextTurns = row.IsDBNull(11) ? null : row.GetInt16(11),
    };

    /// <summary>Names as typed, with commas, spaces or lines between, as <see cref="TierRules.Models"/> has them.</summary>
    public static string? TidyModels(string typed) =>
        typed.Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray() is { Length: > 0 } names ? string.Join(' ', names) : null;

    /// <summary>What is wrong with the names of models, or null.</summary>
    public static string? FaultOfModels(string? models)
    {
        var names = models?.Split(' ') ?? [];
        return names.Length > MostModels ? $"At most {MostModels} models."
            : names.FirstOrDefault(name => !ModelName().IsMatch(name)) is { } wrong ? $"“{wrong}” is no model's name. Write it as in gpt-4o-mini."
            : null;
    }

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? FaultOfName(string name) =>
        Name().IsMatch(name) ? null : "Up to 20 small letters, digits and hyphens, beginning with a letter.";

    public Task<TierOutcome> AddAsync(string name, TierRules rules, Actor actor, CancellationToken cancel)
    {
        if (FaultOfName(name) is { } fault)
            throw new ArgumentException(fault, nameof(name));
        return ActAsync(Command(Insert, name, rules),
            Entry(actor, "tier.add", name, new { after = rules }), TierOutcome.NameTaken, rules, cancel);
    }

    /// <summary>Changes a tier if it is still as it was seen.</summary>
    public Task<TierOutcome> ChangeAsync(TierView seen, TierRules rules, Actor actor, CancellationToken cancel) => ActAsync(
        Command(Update, seen.Name, seen.Rules, rules),
        Entry(actor, "tier.change", seen.Name, new { before = seen.Rules, after = rules }), TierOutcome.Conflict, rules, cancel);

    /// <summary>Removes a tier nobody is in if it is still as it was seen.</summary>
    public async Task<TierOutcome> RemoveAsync(TierView seen, Actor actor, CancellationToken cancel)
    {
        try
        {
            var outcome = await ActAsync(
                Command(Delete, seen.Name, seen.Rules), Entry(actor, "tier.remove", seen.Name, new { before = seen.Rules }), TierOutcome.Conflict, seen.Rules, cancel);
            return outcome == TierOutcome.Conflict && await IsInUseAsync(seen.Name, cancel) ? TierOutcome.InUse : outcome;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            return TierOutcome.InUse;
        }
    }

    private async Task<bool> IsInUseAsync(string name, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(IsInUse);
        command.Parameters.Add(new() { Value = name });
        return (bool)(await command.ExecuteScalarAsync(cancel))!;
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
        Math.Clamp(rules.PerMinute, 0, MostPerMinute), Math.Clamp(rules.PerDay, 0, MostPerDay), Math.Clamp(rules.Priority, (short)0, (short)HighestPriority))
    {
        PerMonth = Math.Clamp(rules.PerMonth, 0, MostPerMonth),
        TokensPerMonth = Math.Clamp(rules.TokensPerMonth, 0, MostTokens),
        MicrosPerMonth = Math.Clamp(rules.MicrosPerMonth, 0, MostDollars * TierRules.MicrosPerDollar),
        SegmentsPerMonth = Math.Clamp(rules.SegmentsPerMonth, 0, MostPerMonth),
        Models = FaultOfModels(rules.Models) is null ? rules.Models : null,
        ContextTurns = rules.ContextTurns is { } turns ? Math.Clamp(turns, (short)0, (short)MostTurns) : null,
    };

    private static NpgsqlCommand Command(string sql, string name, params TierRules[] several)
    {
        var command = new NpgsqlCommand(sql) { Parameters = { new() { Value = name } } };
        foreach (var rules in several)
        {
            command.Parameters.AddRange(
                (NpgsqlParameter[])
                [
                    N(rules.PerMinute), N(rules.PerDay), N(rules.Priority), N(rules.PerMonth), new() { Value = rules.TokensPerMonth }, new() { Value = rules.MicrosPerMonth },
                    N(rules.SegmentsPerMonth), new() { Value = rules.Models ?? "" },
                    new() { Value = (object?)(int?)rules.ContextTurns ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                ]);
        }

        return command;
    }

    private static AuditAct Entry(Actor actor, string act, string name, object metadata) =>
        new(actor, act, "tier:" + name, JsonSerializer.Serialize(metadata, JsonSerializerOptions.Web));

    private static NpgsqlParameter N(int number) => new() { Value = number, NpgsqlDbType = NpgsqlDbType.Integer };

    [GeneratedRegex("^[a-z][a-z0-9-]{0,19}$")]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$")]
    private static partial Regex ModelName();
}
