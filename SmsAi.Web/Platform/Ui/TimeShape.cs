namespace SmsAi.Web.Platform.Ui;

/// <summary>How much of a moment is shown; the rest is on hover.</summary>
public enum TimeShape
{
    Second, Minute, Millisecond, Day, DayMinute, Ago,
}
