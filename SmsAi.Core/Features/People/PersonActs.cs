using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.People;

/// <summary>Changes what is set for one person: preferences, tags, billing id. Each act in one transaction with its line of the audit trail.</summary>
public sealed partial class PersonActs(Databases databases, LiveFeed live)
{
    public const int MostTags = 20;
    public const int LongestBillingId = 80;

    /// <summary>What is wrong with a tag, or null.</summary>
    public static string? FaultOfTag(string tag) => !Tag().IsMatch(tag)
        ? "Up to 30 small letters, digits and hyphens."
        : LooksLikeNumber(tag) ? "Seven digits in a row look like a phone number, and everyone sees a tag. Leave some out." : null;

    /// <summary>Tags stand in addresses and in the trail, where no phone number may.</summary>
    public static bool LooksLikeNumber(string tag) => ManyDigits().IsMatch(tag);

    /// <summary>A tag as it was meant, from what somebody typed.</summary>
    public static string TidyTag(string typed) => typed.Trim().ToLowerInvariant().Replace(' ', '-');

    /// <summary>What is wrong with these preferences, by field; empty when nothing is.</summary>
    public static IReadOnlyDictionary<string, string> FaultsOf(PersonPreferences wanted)
    {
        var faults = new Dictionary<string, string>();
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(wanted.TimeZone, out var zone) || !zone.HasIanaId)
            faults[nameof(wanted.TimeZone)] = "No zone has this name. Write it as in Europe/Berlin.";
        if (wanted.Language is { } language && !PersonPreferences.Languages.ContainsKey(language))
            faults[nameof(wanted.Language)] = "Choose one of the list.";
        if (wanted.Persona is { Length: > PersonPreferences.LongestPersona } persona)
            faults[nameof(wanted.Persona)] = $"{persona.Length} characters; {PersonPreferences.LongestPersona} fit.";
        if (wanted.QuietFrom is null != wanted.QuietUntil is null)
            faults[nameof(wanted.QuietFrom)] = "Choose both ends, or neither.";
        else if (wanted.QuietFrom is { } from && (from == wanted.QuietUntil || from is < 0 or > 23 || wanted.QuietUntil is < 0 or > 23))
            faults[nameof(wanted.QuietFrom)] = "The ends must be two different hours of the day.";
        return faults;
    }

    /// <summary>Saves them if they still are as they were seen; otherwise says what they are now, and who changed them.</summary>
    public async Task<PreferencesSaved> SavePreferencesAsync(
        long person, PersonPreferences seen, PersonPreferences wanted, Actor actor, CancellationToken cancel)
    {
        Demand(actor, Rights.CanOperate);
        if (FaultsOf(wanted) is { Count: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults.Values), nameof(wanted));
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await LockAsync(connection, person, cancel) is not { } now)
            return new(null, null, IsGone: true);
        if (now.Preferences != seen)
            return new(now.Preferences, await LastActorAsync(connection, person, cancel));
        if (wanted == seen)
            return new(null, null);
        var (preferences, persona) = wanted.WriteOver(now.Json, now.PersonaJson);
        await ExecuteAsync(connection, PersonActsSql.SavePreferences, cancel, Json(preferences), Json(persona), new() { Value = wanted.TimeZone }, new() { Value = person });
        await AuditAsync(connection, actor, "user.preferences", person, new { before = Said(seen, wanted), after = Said(wanted, seen) }, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.People);
        return new(null, null);
    }

    /// <summary>Puts a tag on or takes it off; true when that changed anything.</summary>
    public async Task<bool> TagAsync(long person, string tag, bool on, Actor actor, CancellationToken cancel)
    {
        Demand(actor, Rights.CanOperate);
        if (on && FaultOfTag(tag) is { } fault)
            throw new ArgumentException(fault, nameof(tag));
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await ExecuteAsync(connection, on ? PersonActsSql.Tag : PersonActsSql.Untag, cancel, new() { Value = person }, new() { Value = tag }, new() { Value = MostTags }) == 0)
            return false;
        await AuditAsync(connection, actor, on ? "user.tag" : "user.untag", person, new { tag, before = new { tagged = !on }, after = new { tagged = on } }, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.People);
        return true;
    }

    /// <summary>Sets the customer's id at the billing system if it still is what was seen. The trail says that it changed, not what it is.</summary>
    public async Task<bool> SetBillingIdAsync(long person, string? seen, string? wanted, Actor actor, CancellationToken cancel)
    {
        Demand(actor, Rights.CanAdminister);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wanted?.Length ?? 0, LongestBillingId, nameof(wanted));
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        if (await ExecuteAsync(connection, PersonActsSql.SetBillingId, cancel, new() { Value = person }, TextOf(seen), TextOf(wanted)) == 0)
            return false;
        await AuditAsync(connection, actor, "user.billing", person, new { before = new { billing = Set(seen) }, after = new { billing = Set(wanted) } }, cancel);
        await transaction.CommitAsync(cancel);
        live.Publish(LiveTopics.People);
        return true;

        static string Set(string? id) => id is null ? "none" : "set";
    }

    internal static string Resource(long person) => string.Create(CultureInfo.InvariantCulture, $"user:{person}");

    internal static void Demand(Actor actor, string right)
    {
        if (!Rights.Roles[right].Contains(actor.Role))
            throw new UnauthorizedAccessException($"This needs the right {right}.");
    }

    internal static Task AuditAsync(NpgsqlConnection connection, Actor actor, string act, long person, object metadata, CancellationToken cancel) =>
        AuditTrail.AppendAsync(connection, new AuditAct(actor, act, Resource(person), JsonSerializer.Serialize(metadata)), cancel);

    internal static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>What differs, as the trail says it. The persona's words may be about her and would outlive her there, so only their length is kept.</summary>
    private static Dictionary<string, object?> Said(PersonPreferences one, PersonPreferences other)
    {
        var said = new Dictionary<string, object?>();
        Add("time_zone", one.TimeZone, other.TimeZone);
        Add("language", one.Language, other.Language);
        Add("quiet_hours", Quiet(one), Quiet(other));
        Add("sms_notices", one.SmsNotices, other.SmsNotices);
        Add("email_notices", one.EmailNotices, other.EmailNotices);
        Add("auto_retry", one.AutoRetry, other.AutoRetry);
        Add("voice_assistant", one.VoiceAssistant, other.VoiceAssistant);
        if (one.Persona != other.Persona)
            said["persona"] = one.Persona is { } persona ? $"{persona.Length} characters" : null;
        return said;

        void Add<T>(string name, T mine, T theirs)
        {
            if (!EqualityComparer<T>.Default.Equals(mine, theirs))
                said[name] = mine;
        }

        static string? Quiet(PersonPreferences preferences) =>
            preferences.QuietFrom is { } from ? string.Create(CultureInfo.InvariantCulture, $"{from:00}:00 to {preferences.QuietUntil:00}:00") : null;
    }

    private static async Task<(PersonPreferences Preferences, string Json, string PersonaJson)?> LockAsync(NpgsqlConnection connection, long person, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PersonActsSql.Lock, connection) { Parameters = { new() { Value = person } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        if (!await row.ReadAsync(cancel))
            return null;
        var (json, persona) = (row.GetString(0), row.GetString(1));
        return (PersonPreferences.Parse(json, persona, row.GetString(2)), json, persona);
    }

    private static async Task<string?> LastActorAsync(NpgsqlConnection connection, long person, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(PeopleChangeSql.LastActor, connection) { Parameters = { new() { Value = Resource(person) } } };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    private static NpgsqlParameter Json(string json) => new() { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb };

    private static NpgsqlParameter TextOf(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,29}$")]
    private static partial Regex Tag();

    [GeneratedRegex("[0-9]{7}")]
    private static partial Regex ManyDigits();
}

/// <summary>What came of saving preferences: nothing to say, or what somebody else made of them meanwhile.</summary>
public sealed record PreferencesSaved(PersonPreferences? Theirs, string? By, bool IsGone = false);

/// <summary>How what is set for one person is changed.</summary>
internal static class PersonActsSql
{
    /// <summary>$1 user</summary>
    public const string Lock = "select preferences::text, persona_config::text, timezone from users where id = $1 for no key update";

    /// <summary>$1 preferences $2 persona $3 zone $4 user</summary>
    public const string SavePreferences = "update users set preferences = $1, persona_config = $2, timezone = $3, version = version + 1 where id = $4";

    /// <summary>$1 user $2 tag $3 at most so many</summary>
    public const string Tag = """
        update users set tags = array_append(tags, $2), version = version + 1 where id = $1 and not tags @> array[$2] and cardinality(tags) < $3
        """;

    /// <summary>$1 user $2 tag $3 is not needed</summary>
    public const string Untag = "update users set tags = array_remove(tags, $2), version = version + 1 where id = $1 and tags @> array[$2] and $3 > 0";

    /// <summary>$1 user $2 the id as it was seen $3 the new one</summary>
    public const string SetBillingId = """
        update users set billing_customer_id = $3, version = version + 1 where id = $1 and billing_customer_id is not distinct from $2 and $3 is distinct from $2
        """;
}
