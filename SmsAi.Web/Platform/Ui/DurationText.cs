using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Platform.Ui;

/// <summary>Says how long something took or has waited, with its unit.</summary>
public static class DurationText
{
    /// <summary>For measured spans: 140 ms, 1.4 s, 6 min 02 s.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 999.5 } => Number(span.TotalMilliseconds, "0", "ms"),
        { TotalSeconds: < 59.95 } => Number(span.TotalSeconds, "0.0", "s"),
        { TotalSeconds: < 3599.5 } => Pair(span.TotalSeconds, "min", "s"),
        { TotalHours: < 48 } => Pair(span.TotalMinutes, "h", "min"),
        _ => Number(Math.Floor(span.TotalDays), "0", "days"),
    };

    /// <summary>For what waits: seconds from the start, since milliseconds only flicker.</summary>
    public static string Waiting(TimeSpan span) => span.TotalSeconds < 59.95 ? Number(span.TotalSeconds, "0.0", "s") : Of(span);

    /// <summary>For "ago": one unit is enough.</summary>
    public static string Rough(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => Number(Math.Floor(span.TotalSeconds), "0", "s"),
        { TotalMinutes: < 60 } => Number(Math.Floor(span.TotalMinutes), "0", "min"),
        { TotalHours: < 48 } => Number(Math.Floor(span.TotalHours), "0", "h"),
        _ => Number(Math.Floor(span.TotalDays), "0", "days"),
    };

    /// <summary>Rounded first, so that 59.96 s becomes a whole minute and never 60 s.</summary>
    private static string Pair(double total, string unit, string part)
    {
        var (whole, rest) = Math.DivRem((long)Math.Round(total), 60);
        return string.Create(OperatorCulture.Here, $"{whole} {unit} {rest:00} {part}");
    }

    private static string Number(double value, string pattern, string unit) =>
        value.ToString(pattern, OperatorCulture.Here) + " " + unit;
}
