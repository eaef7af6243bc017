using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>How a person's state, her tier and a count of people are said.</summary>
public static class PersonWords
{
    public static StateWord State(string state) => state switch
    {
        "active" => new("Active", IconName.Check, Tone.None),
        "muted" => new("Muted", IconName.Clock, Tone.Warn),
        _ => StateWords.Of(state),
    };

    public static string Tier(string name) => name.Length == 0 ? "" : char.ToUpperInvariant(name[0]) + name[1..];

    /// <summary>How some people are before a change.</summary>
    public static string Now(PeopleChange change, PreviewLine line) => (change.Tag, line.Tag) switch
    {
        ({ } tag, TagPlace.On) => tag,
        (not null, TagPlace.NoRoom) => $"{PersonActs.MostTags} tags, no room",
        ({ } tag, _) => $"not {tag}",
        _ => Tier(line.Tier) + (line.IsBlocked ? ", blocked" : ""),
    };

    /// <summary>How they are after it.</summary>
    public static string Then(PeopleChange change, PreviewLine line) => change switch
    {
        { Tag: { } tag } => change.IsTagged ? tag : $"not {tag}",
        { Tier: { } tier } => Tier(tier) + (line.IsBlocked ? ", blocked" : ""),
        { IsBlocked: true } => Tier(line.Tier) + ", blocked",
        _ => Tier(line.Tier),
    };

    /// <summary>What a limit is about: "Answers a minute".</summary>
    public static string Limit(LimitLine limit)
    {
        var what = limit.Unit switch { LimitUnit.Tokens => "Tokens", LimitUnit.Micros => "Cost", LimitUnit.Segments => "Segments", _ => "Answers" };
        return limit.Span == LimitSpan.Hour ? $"{what} an hour" : $"{what} a {limit.Span.ToString().ToLowerInvariant()}";
    }

    /// <summary>An amount in a limit's unit; a dash for what nobody knows.</summary>
    public static string Amount(LimitLine limit, long? amount) => (limit.Unit, amount) switch
    {
        (_, null) => "–",
        (LimitUnit.Micros, { } micros) => MoneyText.Of(micros),
        (_, { } number) => NumberText.Of(number),
    };

    public static string Count(PeopleCount count)
    {
        var number = NumberText.Of(count.IsEstimate ? Rounded(count.Count) : count.Count);
        return count.IsEstimate ? "about " + number : number;
    }

    /// <summary>An estimate has no more than three figures worth showing.</summary>
    private static long Rounded(long count)
    {
        var unit = (long)Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(count, 1))) - 2));
        return (count + (unit / 2)) / unit * unit;
    }
}
