using System.Globalization;
using SmsAi.Core.Features.Stopping;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>When a scheduled pause is on, where clocks are put forward and back.</summary>
public sealed class PauseWindowTests
{
    // 29 March 2026, 01:00 UTC: Berlin's clocks go from 02:00 to 03:00. 25 October 2026, 01:00 UTC: from 03:00 back to 02:00.
    [Theory]
    [InlineData("Sunday", "02:00", "04:00", "2026-03-21T12:00Z", "2026-03-22T01:00Z 2026-03-22T03:00Z")]
    [InlineData("Sunday", "02:00", "04:00", "2026-03-28T12:00Z", "2026-03-29T01:00Z 2026-03-29T02:00Z")]
    [InlineData("Sunday", "01:30", "02:30", "2026-03-28T12:00Z", "2026-03-29T00:30Z 2026-03-29T01:00Z")]
    [InlineData("Sunday", "02:15", "02:45", "2026-03-28T12:00Z", "2026-04-05T00:15Z 2026-04-05T00:45Z")]
    [InlineData("Sunday", "02:00", "04:00", "2026-10-24T12:00Z", "2026-10-25T00:00Z 2026-10-25T03:00Z")]
    [InlineData("Sunday", "02:15", "02:45", "2026-10-24T12:00Z", "2026-10-25T00:15Z 2026-10-25T01:45Z")]
    [InlineData("Sunday", "02:15", "02:45", "2026-10-25T01:00Z", "2026-10-25T00:15Z 2026-10-25T01:45Z")]
    [InlineData("Saturday", "23:00", "03:30", "2026-03-28T12:00Z", "2026-03-28T22:00Z 2026-03-29T01:30Z")]
    [InlineData("Saturday", "23:00", "03:30", "2026-03-29T01:00Z", "2026-03-28T22:00Z 2026-03-29T01:30Z")]
    [InlineData("Weekdays", "12:00", "13:00", "2026-06-05T11:00Z", "2026-06-08T10:00Z 2026-06-08T11:00Z")]
    [InlineData("All", "12:00", "13:00", "2026-06-05T10:59Z", "2026-06-05T10:00Z 2026-06-05T11:00Z")]
    public void Next_window_is_the_running_one_or_the_next_by_the_clocks_of_the_place(string days, string from, string to, string now, string expected)
    {
        var window = Window(Enum.Parse<PauseDays>(days), from, to);

        Said(window.Next(At(now))).ShouldBe(expected);
    }

    [Fact]
    public void One_day_only_comes_once()
    {
        var window = new PauseWindow("America/New_York", new DateOnly(2026, 11, 22), PauseDays.None, new(22, 0), new(1, 0));

        Said(window.Next(At("2026-11-01T00:00Z"))).ShouldBe("2026-11-23T03:00Z 2026-11-23T06:00Z");
        Said(window.Next(At("2026-11-23T05:59Z"))).ShouldBe("2026-11-23T03:00Z 2026-11-23T06:00Z");
        window.Next(At("2026-11-23T06:00Z")).ShouldBeNull();
    }

    [Fact]
    public void Every_minute_of_a_year_lies_in_the_same_windows_that_a_walk_along_the_clock_finds()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var window = Window(PauseDays.Monday | PauseDays.Sunday, "02:00", "03:30");
        var moment = At("2026-01-01T00:00Z");
        var seen = new HashSet<DateTimeOffset>();
        for (var next = window.Next(moment); next is { } one && one.Start.Year == 2026; next = window.Next(one.End))
            seen.Add(one.Start);

        var walked = new HashSet<DateTimeOffset>();
        for (var minute = moment; minute < At("2027-01-01T00:00Z"); minute = minute.AddMinutes(1))
        {
            var local = TimeZoneInfo.ConvertTime(minute, zone);
            var before = TimeZoneInfo.ConvertTime(minute.AddMinutes(-1), zone);
            if (local.DayOfWeek is DayOfWeek.Monday or DayOfWeek.Sunday && local.Hour is 2 or 3 && before is { Hour: 1, Minute: 59 }) walked.Add(minute);
        }

        seen.ShouldBe(walked, ignoreOrder: true);
    }

    [Theory]
    [InlineData("Europe/Atlantis", "02:00", 1, "There is no such time zone. Name a place as in Europe/Berlin.")]
    [InlineData("../../etc/passwd", "02:00", 1, "There is no such time zone. Name a place as in Europe/Berlin.")]
    [InlineData("Europe/Berlin", "02:00", 0, "Choose at least one day.")]
    [InlineData("Europe/Berlin", "04:00", 1, "It would end as it begins. Choose another end.")]
    [InlineData("Europe/Berlin", "02:00", 1, null)]
    public void What_makes_no_window_is_said(string zone, string from, int days, string? fault) =>
        new PauseWindow(zone, null, (PauseDays)days, Time(from), new(4, 0)).Fault.ShouldBe(fault);

    [Theory]
    [InlineData(PauseDays.Sunday, "Every Sunday 02:00 to 04:00, Europe/Berlin")]
    [InlineData(PauseDays.All, "Every day 02:00 to 04:00, Europe/Berlin")]
    [InlineData(PauseDays.Weekdays, "Monday to Friday 02:00 to 04:00, Europe/Berlin")]
    [InlineData(PauseDays.Weekend, "Every Saturday and Sunday 02:00 to 04:00, Europe/Berlin")]
    [InlineData(PauseDays.Monday | PauseDays.Weekend, "Every Monday, Saturday and Sunday 02:00 to 04:00, Europe/Berlin")]
    public void It_is_said_as_people_say_it(PauseDays days, string words) => Window(days, "02:00", "04:00").Words.ShouldBe(words);

    private static PauseWindow Window(PauseDays days, string from, string to) => new("Europe/Berlin", null, days, Time(from), Time(to));

    private static TimeOnly Time(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Said((DateTimeOffset Start, DateTimeOffset End)? window) =>
        string.Create(CultureInfo.InvariantCulture, $"{window!.Value.Start:yyyy-MM-dd'T'HH:mm'Z'} {window.Value.End:yyyy-MM-dd'T'HH:mm'Z'}");
}
