using System.Globalization;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Platform.Ui;

/// <summary>Shows times in the operator's zone, chosen or her browser's, and in her culture; logic keeps to the singleton <see cref="TimeProvider"/>.</summary>
public sealed class BrowserClock(TimeProvider time)
{
    public TimeZoneInfo Zone { get; private set; } = TimeZoneInfo.Utc;

    public DateTimeOffset Now => ToLocal(time.GetUtcNow());

    public DateTimeOffset ToLocal(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone);

    /// <summary>The moment a wall-clock time of the operator stands for; null inside the hour that summer time skips.</summary>
    public DateTimeOffset? FromLocal(DateTime wallClock)
    {
        var local = DateTime.SpecifyKind(wallClock, DateTimeKind.Unspecified);
        return Zone.IsInvalidTime(local) ? null : new DateTimeOffset(local, Zone.GetUtcOffset(local));
    }

    /// <summary>Takes the zone by its name; an unknown or malformed one leaves UTC.</summary>
    public void UseZone(string? name)
    {
        if (OperatorLocale.IsZone(name, out var zone)) Zone = zone;
    }

    public string Text(DateTimeOffset moment, TimeShape shape) => shape == TimeShape.Ago
        ? Ago(moment)
        : ClockText.Of(ToLocal(moment), shape);

    /// <summary>The whole truth, for the tooltip: date, milliseconds, zone.</summary>
    public string Exact(DateTimeOffset moment)
    {
        var (local, culture) = (ToLocal(moment), OperatorCulture.Here);
        return local.ToString($"{culture.LongDayPattern}{culture.LongYearPattern}, {culture.MillisecondPattern} ", culture) + Offset(local);
    }

    /// <summary>"Saturday 21 November, 14:05 UTC+01:00".</summary>
    public string LongMinute(DateTimeOffset moment)
    {
        var (local, culture) = (ToLocal(moment), OperatorCulture.Here);
        return local.ToString($"{culture.LongDayPattern}, {culture.MinutePattern} ", culture) + Offset(local);
    }

    private static string Offset(DateTimeOffset local) =>
        local.Offset == TimeSpan.Zero ? "UTC" : local.ToString("'UTC'zzz", CultureInfo.InvariantCulture);

    private string Ago(DateTimeOffset moment)
    {
        var past = time.GetUtcNow() - moment;
        return past < TimeSpan.Zero ? Text(moment, TimeShape.Second) : DurationText.Rough(past) + " ago";
    }
}
