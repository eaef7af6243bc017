using System.Globalization;

namespace SmsAi.Web.Platform.Ui;

/// <summary>Shows times in the zone of the operator's browser; logic keeps to the singleton <see cref="TimeProvider"/>.</summary>
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

    /// <summary>Takes the zone the browser named; an unknown or malformed name leaves UTC.</summary>
    public void UseZone(string? name)
    {
        if (IsZoneName(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name!, out var zone)) Zone = zone;
    }

    public string Text(DateTimeOffset moment, TimeShape shape) => shape == TimeShape.Ago
        ? Ago(moment)
        : ToLocal(moment).ToString(Pattern(shape), CultureInfo.InvariantCulture);

    /// <summary>The whole truth, for the tooltip: date, milliseconds, zone.</summary>
    public string Exact(DateTimeOffset moment)
    {
        var local = ToLocal(moment);
        var offset = local.Offset == TimeSpan.Zero ? "UTC" : local.ToString("'UTC'zzz", CultureInfo.InvariantCulture);
        return local.ToString("dddd d MMMM yyyy, HH:mm:ss.fff ", CultureInfo.InvariantCulture) + offset;
    }

    private string Ago(DateTimeOffset moment)
    {
        var past = time.GetUtcNow() - moment;
        return past < TimeSpan.Zero ? Text(moment, TimeShape.Second) : DurationText.Rough(past) + " ago";
    }

    private static string Pattern(TimeShape shape) => shape switch
    {
        TimeShape.Minute => "HH:mm",
        TimeShape.Millisecond => "HH:mm:ss.fff",
        TimeShape.Day => "d MMM yyyy",
        TimeShape.DayMinute => "d MMM, HH:mm",
        _ => "HH:mm:ss",
    };

    private static bool IsZoneName(string? name) =>
        name is { Length: > 0 and <= 64 } && !name.StartsWith('/')
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
}
