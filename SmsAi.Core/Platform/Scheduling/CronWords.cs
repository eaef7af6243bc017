using System.Globalization;

namespace SmsAi.Core.Platform.Scheduling;

/// <summary>Says a cron expression as people say it; one that is too much for a sentence is shown as it is.</summary>
public static class CronWords
{
    // As Quartz counts them: Sunday is 1.
    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    public static string Of(string cron) => Words(cron.Split(' ', StringSplitOptions.RemoveEmptyEntries)) ?? $"{cron}, UTC";

    private static string? Words(string[] fields)
    {
        if (fields is not [var second, var minute, var hour, var day, "*", var weekday, ..] || fields.Length > 6)
            return null;
        var everyDay = IsAny(day) && IsAny(weekday);
        return (second, minute, hour) switch
        {
            ("*", "*", "*") when everyDay => "Every second",
            (_, "*", "*") when everyDay && Step(second) is { } seconds => Every(seconds, "second"),
            (_, "*", "*") when everyDay && Number(second) is { } at => at == 0 ? "Every minute" : $"Every minute, at second {at}",
            (_, _, "*") when everyDay && Number(second) is not null && Step(minute) is { } minutes => Every(minutes, "minute"),
            (_, _, "*") when everyDay && Number(second) is not null && Number(minute) is { } at => $"Every hour, at minute {at}",
            _ when everyDay && Number(second) is not null && Number(minute) is { } at && Step(hour) is { } hours => $"{Every(hours, "hour")}, at minute {at}",
            _ when Number(second) is not null && Number(minute) is { } at && Number(hour) is { } clock => Day(day, weekday) is { } on
                ? string.Create(CultureInfo.InvariantCulture, $"{on} at {clock:00}:{at:00} UTC")
                : null,
            _ => null,
        };
    }

    private static string? Day(string day, string weekday) => (IsAny(day), IsAny(weekday)) switch
    {
        (true, true) => "Every day",
        (true, false) when Weekday(weekday) is { } name => $"Every {name}",
        (false, true) when Number(day) is { } number => $"On day {number} of each month",
        _ => null,
    };

    private static string? Weekday(string field) => Number(field) is { } number
        ? Days.ElementAtOrDefault(number - 1)
        : Array.Find(Days, day => field.Length == 3 && day.StartsWith(field, StringComparison.OrdinalIgnoreCase));

    private static string Every(int count, string unit) => count == 1 ? $"Every {unit}" : $"Every {count} {unit}s";

    private static bool IsAny(string field) => field is "*" or "?";

    private static int? Number(string field) => int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static int? Step(string field) => field.Split('/') is ["0" or "*", var step] ? Number(step) : null;
}
