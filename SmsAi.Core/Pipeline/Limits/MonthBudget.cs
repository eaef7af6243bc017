using System.Globalization;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>
/// Holds a person to what her tier allows in a UTC month, by the counters a ledger reader writes a second after each answer: what is under way
/// in that second may exceed it. Tiers without such a limit cost no question.
/// </summary>
public sealed class MonthBudget(Databases databases, TimeProvider clock)
{
    /// <summary>$1 user $2 month</summary>
    private const string Used = "select answers_month, tokens_month, spend_micros, segments_month from user_activity where user_id = $1 and spend_month = $2";

    /// <summary>$1 user $2 month $3 text. A row when she was not told yet, or by this very text, whose notice may not have been stored.</summary>
    private const string Tell = """
        update user_activity set told_month = $2, told_by = $3 where user_id = $1 and (told_month is distinct from $2 or told_by = $3) returning 1
        """;

    /// <summary>Why this text gets no answer this month, or null.</summary>
    public async ValueTask<Refusal?> CheckAsync(Turn turn, TierLimit tier, CancellationToken cancel)
    {
        if (tier.Month.IsOff || !tier.Month.IsReachedBy(await UsedAsync(turn.Person.Id, cancel)))
            return null;
        await using var tell = Command(Tell, turn.Person.Id);
        tell.Parameters.Add(new() { Value = turn.InboundId ?? turn.ItemId });
        var isNew = await tell.ExecuteScalarAsync(cancel) is not null;
        return new Refusal("ignored", "limit_month", isNew ? string.Create(CultureInfo.InvariantCulture, $"You have used up this month's answers. They begin anew on {Next:d MMMM} (UTC).") : null);
    }

    /// <summary>What somebody has used this month.</summary>
    public async Task<MonthUse> UsedAsync(long person, CancellationToken cancel)
    {
        await using var command = Command(Used, person);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? new(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt32(3)) : default;
    }

    /// <summary>When the months' counters begin anew.</summary>
    public DateOnly Next => Month.AddMonths(1);

    private DateOnly Month => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime) is var today ? today.AddDays(1 - today.Day) : default;

    private NpgsqlCommand Command(string sql, long person)
    {
        var command = databases.Road.CreateCommand(sql);
        command.Parameters.Add(new() { Value = person });
        command.Parameters.Add(new() { Value = Month });
        return command;
    }
}

/// <summary>Answers, tokens, micro-dollars and segments of one person in a month.</summary>
public readonly record struct MonthUse(int Answers, long Tokens, long Micros, int Segments)
{
    public static MonthUse operator +(MonthUse one, MonthUse other) =>
        new(one.Answers + other.Answers, one.Tokens + other.Tokens, one.Micros + other.Micros, one.Segments + other.Segments);
}

/// <summary>What a tier allows each of its people in a UTC month; 0 is no limit.</summary>
public readonly record struct MonthLimits(int Answers, long Tokens, long Micros, int Segments)
{
    public bool IsOff => this == default;

    public bool IsReachedBy(MonthUse used) =>
        Reached(Answers, used.Answers) || Reached(Tokens, used.Tokens) || Reached(Micros, used.Micros) || Reached(Segments, used.Segments);

    private static bool Reached(long limit, long used) => limit > 0 && used >= limit;
}
