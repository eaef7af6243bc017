using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.Stopping;

/// <summary>Days of the week, Monday first.</summary>
[Flags]
public enum PauseDays
{
    None = 0,
    Monday = 1,
    Tuesday = 2,
    Wednesday = 4,
    Thursday = 8,
    Friday = 16,
    Saturday = 32,
    Sunday = 64,
    Weekdays = Monday | Tuesday | Wednesday | Thursday | Friday,
    Weekend = Saturday | Sunday,
    All = Weekdays | Weekend,
}

/// <summary>
/// When a scheduled pause is on, by the clocks of a place: on days of the week, or once on a day. An end that is not after its beginning is
/// the next day's. Where the clocks are put forward, a time that is left out counts as the first moment after; where they are put back, a
/// time that comes twice begins at the first and ends at the second, so that the whole of it is covered.
/// </summary>
public sealed record PauseWindow(string Zone, DateOnly? OnDay, PauseDays Days, TimeOnly From, TimeOnly To)
{
    // A week and the one after: clocks that are put forward may swallow a short window.
    private const int DaysAhead = 15;

    public bool EndsNextDay => To <= From;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Fault => this switch
    {
        _ when FindZone(Zone) is null => "There is no such time zone. Name a place as in Europe/Berlin.",
        { OnDay: null, Days: PauseDays.None } => "Choose at least one day.",
        _ when From == To => "It would end as it begins. Choose another end.",
        _ => null,
    };

    /// <summary>"Every Sunday 02:00 to 04:00, Europe/Berlin", for the trail.</summary>
    public string Words => WordsIn(OperatorCulture.Usual);

    /// <summary>The same in somebody's hours and order of days.</summary>
    public string WordsIn(OperatorCulture culture)
    {
        var days = OnDay is { } day ? "Once on " + day.ToString(culture.DayPattern, culture) : DayWords(Days);
        return $"{days} {From.ToString(culture.MinutePattern, culture)} to {To.ToString(culture.MinutePattern, culture)}{(EndsNextDay ? " the next day" : "")}, {Zone}";
    }

    public static TimeZoneInfo? FindZone(string name) =>
        name is { Length: > 0 and <= 64 } && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '-' or '+') && !name.StartsWith('/')
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    /// <summary>The window that runs at this moment, or the next; null when there is none any more.</summary>
    public (DateTimeOffset Start, DateTimeOffset End)? Next(DateTimeOffset now)
    {
        var zone = FindZone(Zone) ?? throw new TimeZoneNotFoundException($"This machine knows no time zone {Zone}.");
        var first = OnDay ?? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).Date).AddDays(-1);
        for (var day = first; day <= first.AddDays(OnDay is null ? DaysAhead : 0); day = day.AddDays(1))
        {
            if (OnDay is null && !Days.HasFlag(DayOf(day)))
                continue;
            var start = Moment(zone, day.ToDateTime(From), isEnd: false);
            var end = Moment(zone, day.AddDays(EndsNextDay ? 1 : 0).ToDateTime(To), isEnd: true);
            if (end > start && end > now)
                return (start, end);
        }

        return null;
    }

    private static DateTimeOffset Moment(TimeZoneInfo zone, DateTime local, bool isEnd)
    {
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(1);
        var offset = zone.GetUtcOffset(local);
        if (zone.IsAmbiguousTime(local))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(local);
            offset = isEnd ? offsets.Min() : offsets.Max();
        }

        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private static PauseDays DayOf(DateOnly day) => (PauseDays)(1 << (((int)day.DayOfWeek + 6) % 7));

    private static string DayWords(PauseDays days) => days switch
    {
        PauseDays.All => "Every day",
        PauseDays.Weekdays => "Monday to Friday",
        _ => "Every " + string.Join(" and ", days.ToString().Replace("Weekend", "Saturday, Sunday", StringComparison.Ordinal).Split(", ") switch
        {
            [.. var before, var last] when before.Length > 0 => [string.Join(", ", before), last],
            var one => one,
        }),
    };
}
