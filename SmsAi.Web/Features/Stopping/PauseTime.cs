using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Understands a time of day as its next occurrence in the operator's zone: today, or tomorrow when it is past.</summary>
internal static class PauseTime
{
    internal static DateTimeOffset? Next(TimeOnly time, BrowserClock clock)
    {
        var now = clock.Now;
        var today = clock.FromLocal(now.Date + time.ToTimeSpan());
        return today is { } moment && moment <= now ? clock.FromLocal(now.Date.AddDays(1) + time.ToTimeSpan()) : today;
    }
}
