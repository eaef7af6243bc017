using System.Globalization;
using SmsAi.Core.Features.Auditing;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Auditing;

/// <summary>What the page's address asks for; days are the operator's own.</summary>
public sealed record AuditQuery
{
    /// <summary>How far back the list goes when nobody says.</summary>
    public const string UsualSince = "30d";

    private const string Day = "yyyy-MM-dd";

    public string? Who { get; init; }
    public string? Act { get; init; }
    public string? Search { get; init; }

    /// <summary>today, 7d, 30d, 90d or all; a day of <see cref="From"/> wins.</summary>
    public string? Since { get; init; }

    public string? From { get; init; }

    /// <summary>The last day, included.</summary>
    public string? To { get; init; }

    public bool HasDays => From is { Length: > 0 } || To is { Length: > 0 };

    public bool IsUsual => Who is null && Act is null && Search is null && !HasDays && Since is null or UsualSince;

    public AuditFilter ToFilter(BrowserClock clock)
    {
        var today = clock.Now.Date;
        return new()
        {
            From = DayOf(From, clock) ?? Since switch
            {
                "today" => Start(today, clock),
                "7d" => Start(today.AddDays(-6), clock),
                "90d" => Start(today.AddDays(-89), clock),
                "all" => DateTimeOffset.UnixEpoch,
                _ => Start(today.AddDays(-29), clock),
            },
            Until = DayOf(To, clock, daysAfter: 1),
            Actor = Who,
            Action = Act,
            Search = Search?.Trim(),
        };
    }

    private static DateTimeOffset? DayOf(string? text, BrowserClock clock, int daysAfter = 0) =>
        DateTime.TryParseExact(text, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1970 and < 9000
            ? Start(day.AddDays(daysAfter), clock)
            : null;

    /// <summary>Where summer time begins at midnight, the day begins an hour later.</summary>
    private static DateTimeOffset Start(DateTime day, BrowserClock clock) => clock.FromLocal(day) ?? clock.FromLocal(day.AddHours(1))!.Value;
}
