using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Platform.Ui;

/// <summary>Writes a day or a time of the day that stands in its own zone already, as whoever looks reads it.</summary>
public static class ClockText
{
    public static string Of(DateTimeOffset local, TimeShape shape) => local.ToString(Pattern(shape), OperatorCulture.Here);

    public static string Of(DateTime local, TimeShape shape) => local.ToString(Pattern(shape), OperatorCulture.Here);

    public static string Of(DateOnly day) => day.ToString(OperatorCulture.Here.DayPattern, OperatorCulture.Here);

    public static string Of(TimeOnly time) => time.ToString(OperatorCulture.Here.MinutePattern, OperatorCulture.Here);

    private static string Pattern(TimeShape shape) => (shape, OperatorCulture.Here) switch
    {
        (TimeShape.Minute, var culture) => culture.MinutePattern,
        (TimeShape.Millisecond, var culture) => culture.MillisecondPattern,
        (TimeShape.Day, var culture) => culture.DayPattern,
        (TimeShape.DayMinute, var culture) => $"{culture.DayInYearPattern}, {culture.MinutePattern}",
        (_, var culture) => culture.SecondPattern,
    };
}
