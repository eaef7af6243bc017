using System.Globalization;

namespace SmsAi.Web.Platform.Ui;

/// <summary>A stretch of days as a page's address says it, in the operator's own days: how far back, or from a day to a day.</summary>
/// <param name="Since">today, 7d, 30d, 90d or all; a day of <paramref name="From"/> wins.</param>
/// <param name="To">The last day, included.</param>
public sealed record DayRange(string? Since = null, string? From = null, string? To = null)
{
    /// <summary>How far back a list goes when nobody says.</summary>
    public const string UsualSince = "30d";

    private const string Day = "yyyy-MM-dd";

    public bool HasDays => From is not null || To is not null;

    public bool IsUsual => !HasDays && Since is null or UsualSince;

    public DateTimeOffset Start(BrowserClock clock)
    {
        var today = clock.Now.Date;
        return DayOf(From, clock) ?? Since switch
        {
            "today" => Midnight(today, clock),
            "7d" => Midnight(today.AddDays(-6), clock),
            "90d" => Midnight(today.AddDays(-89), clock),
            "all" => DateTimeOffset.UnixEpoch,
            _ => Midnight(today.AddDays(-29), clock),
        };
    }

    /// <summary>The first moment that is outside; null: up to now.</summary>
    public DateTimeOffset? End(BrowserClock clock) => DayOf(To, clock, daysAfter: 1);

    private static DateTimeOffset? DayOf(string? text, BrowserClock clock, int daysAfter = 0) =>
        DateTime.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1970 and < 9000
            ? Midnight(day.AddDays(daysAfter), clock)
            : null;

    /// <summary>Where summer time begins at midnight, the day begins an hour later.</summary>
    private static DateTimeOffset Midnight(DateTime day, BrowserClock clock) => clock.FromLocal(day) ?? clock.FromLocal(day.AddHours(1))!.Value;
}
