using System.Globalization;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Access;

/// <summary>How numbers and times are written for whoever looks.</summary>
public sealed class OperatorCultureTests
{
    // The narrow blank of French thousands, and the blank that keeps a time and its PM together.
    private const char Thin = '\u202f';
    private const char Blank = '\u00a0';

    private static readonly DateTimeOffset Afternoon = new(2026, 11, 1, 14, 5, 9, 40, TimeSpan.Zero);

    [Theory]
    [InlineData("en-US", "1,234,567", "1,234.50", "1.4 s", "Nov 1, 2026", "2:05_PM", "Nov 1, 2:05_PM", "Sunday, November 1, 2026, 2:05:09.040_PM UTC")]
    [InlineData("en-GB", "1,234,567", "1,234.50", "1.4 s", "1 Nov 2026", "14:05", "1 Nov, 14:05", "Sunday 1 November 2026, 14:05:09.040 UTC")]
    [InlineData("de-DE", "1.234.567", "1.234,50", "1,4 s", "1 Nov 2026", "14:05", "1 Nov, 14:05", "Sunday 1 November 2026, 14:05:09.040 UTC")]
    [InlineData("fr-FR", "1 234 567", "1 234,50", "1,4 s", "1 Nov 2026", "14:05", "1 Nov, 14:05", "Sunday 1 November 2026, 14:05:09.040 UTC")]
    [InlineData("sv-SE", null, null, "1,4 s", "2026-11-01", "14:05", "Nov 1, 14:05", "Sunday, November 1, 2026, 14:05:09.040 UTC")]
    [InlineData("hi-IN", "12,34,567", "1,234.50", "1.4 s", "1 Nov 2026", "2:05_PM", "1 Nov, 2:05_PM", "Sunday 1 November 2026, 2:05:09.040_PM UTC")]
    public void Each_reads_her_own_marks_and_order_and_english_words(
        string language, string? number, string? money, string duration, string day, string minute, string dayMinute, string exact)
    {
        using var reader = new ReadAs(language);
        var clock = new BrowserClock(new ManualTime());

        if (number is not null) NumberText.Of(1_234_567).Replace(Thin, ' ').ShouldBe(number);
        if (money is not null) MoneyText.Of(1_234_500_000).Replace(Thin, ' ').ShouldBe("$" + money);
        DurationText.Of(TimeSpan.FromMilliseconds(1_440)).ShouldBe(duration);
        clock.Text(Afternoon, TimeShape.Day).ShouldBe(day);
        clock.Text(Afternoon, TimeShape.Minute).Replace(Blank, '_').ShouldBe(minute);
        clock.Text(Afternoon, TimeShape.DayMinute).Replace(Blank, '_').ShouldBe(dayMinute);
        clock.Exact(Afternoon).Replace(Blank, '_').ShouldBe(exact);
    }

    [Theory]
    [InlineData("de-DE", true, "2:05_PM")]
    [InlineData("en-US", false, "14:05")]
    public void Clock_is_chosen_apart_from_the_language(string language, bool is12Hour, string minute)
    {
        using var reader = new ReadAs(language, is12Hour);

        ClockText.Of(new TimeOnly(14, 5)).Replace(Blank, '_').ShouldBe(minute);
    }

    [Fact]
    public void Midnight_and_noon_are_twelve_on_a_clock_of_twelve_hours()
    {
        using var reader = new ReadAs("en-US");

        ClockText.Of(new TimeOnly(0, 0)).Replace(Blank, '_').ShouldBe("12:00_AM");
        ClockText.Of(new TimeOnly(12, 0)).Replace(Blank, '_').ShouldBe("12:00_PM");
    }

    [Fact]
    public void Where_nobody_looks_numbers_are_the_usual_ones_whatever_the_machine_speaks()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

            NumberText.Of(1_234).ShouldBe("1,234");
            MoneyText.Of(1_500_000).ShouldBe("$1.50");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("sv-SE")]
    [InlineData("he-IL")]
    [InlineData("tr-TR")]
    public void What_programs_read_does_not_depend_on_who_looks(string language)
    {
        using var reader = new ReadAs(language);

        // Written without a culture on purpose: an address or an id that forgot one.
        $"{-1}".ShouldBe("-1");
        "I".ToLower(CultureInfo.CurrentCulture).ShouldBe("i");
    }

    [Fact]
    public void Every_language_offered_is_one_this_machine_knows()
    {
        OperatorCulture.Languages.Where(language => OperatorCulture.Of(language, null).Language != language).ShouldBeEmpty();
        OperatorCulture.Languages.Where(language => CultureInfo.GetCultureInfo(language, predefinedOnly: true).Name != language).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("de-LI", "de-DE")]
    [InlineData("fr", "fr-FR")]
    [InlineData("DE-ch", "de-CH")]
    [InlineData("xx-YY", null)]
    [InlineData("", null)]
    public void Language_of_a_browser_is_the_nearest_one_known(string said, string? known) => OperatorCulture.FirstKnown([said]).ShouldBe(known);

    [Fact]
    public void Half_an_hour_of_a_zone_is_kept()
    {
        using var reader = new ReadAs("en-IN", is12Hour: true);
        var clock = new BrowserClock(new ManualTime());
        clock.UseZone("Asia/Kolkata");

        clock.Text(Afternoon, TimeShape.Minute).Replace(Blank, '_').ShouldBe("7:35_PM");
        clock.Exact(Afternoon).ShouldEndWith("UTC+05:30");
    }

    [Fact]
    public void Hour_that_comes_twice_is_told_apart_by_its_offset()
    {
        using var reader = new ReadAs("de-DE");
        var clock = new BrowserClock(new ManualTime());
        clock.UseZone("Europe/Berlin");
        var first = new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero);

        clock.Text(first, TimeShape.DayMinute).ShouldBe("25 Oct, 02:30");
        clock.Text(first.AddHours(1), TimeShape.DayMinute).ShouldBe("25 Oct, 02:30");
        clock.Exact(first).ShouldBe("Sunday 25 October 2026, 02:30:00.000 UTC+02:00");
        clock.Exact(first.AddHours(1)).ShouldBe("Sunday 25 October 2026, 02:30:00.000 UTC+01:00");
        var day = new DayRange(From: "2026-10-25", To: "2026-10-25");
        (day.End(clock) - day.Start(clock)).ShouldBe(TimeSpan.FromHours(25));
    }

    [Fact]
    public async Task News_from_elsewhere_are_written_for_whoever_looks()
    {
        var written = new TaskCompletionSource<string>();
        Action tell;
        using (new ReadAs("de-DE")) tell = OperatorCulture.Kept(() => written.SetResult(NumberText.Of(1_234)));

        await Task.Run(tell, TestContext.Current.CancellationToken);

        (await written.Task).ShouldBe("1.234");
        NumberText.Of(1_234).ShouldBe("1,234");
    }
}
