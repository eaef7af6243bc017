using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Ui;

/// <summary>How money, spans, moments, people and hidden texts are written.</summary>
public sealed class TextShapesTests : BunitContext
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 1, 12, 0, 5, 250, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(8, "<$0.0001")]
    [InlineData(12_100, "$0.0121")]
    [InlineData(7_900, "$0.0079")]
    [InlineData(999_999, "$1.0000")]
    [InlineData(1_000_000, "$1.00")]
    [InlineData(41_271_234_000, "$41,271.23")]
    [InlineData(-12_100, "−$0.0121")]
    public void Money_has_the_places_its_size_needs(long micros, string text) => MoneyText.Of(micros).ShouldBe(text);

    [Fact]
    public void Money_is_exact_on_hover() =>
        Render<Money>(p => p.Add(m => m.Micros, 21_505)).Find("span").GetAttribute("title").ShouldBe("$0.021505");

    [Theory]
    [InlineData(140, "140 ms")]
    [InlineData(999.6, "1.0 s")]
    [InlineData(1_440, "1.4 s")]
    [InlineData(59_960, "1 min 00 s")]
    [InlineData(362_000, "6 min 02 s")]
    [InlineData(3_599_700, "1 h 00 min")]
    [InlineData(7_500_000, "2 h 05 min")]
    [InlineData(260_000_000, "3 days")]
    public void Span_is_said_with_its_unit(double milliseconds, string text) => DurationText.Of(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(text);

    [Fact]
    public void Moment_is_shown_in_the_browsers_zone_and_exact_on_hover()
    {
        Services.AddSingleton<TimeProvider>(new ManualTime());
        Services.AddScoped<BrowserClock>();
        Services.GetRequiredService<BrowserClock>().UseZone("Europe/Vienna");

        var time = Render<TimeText>(p => p.Add(t => t.Value, Noon)).Find("time");

        time.TextContent.ShouldBe("14:00:05");
        time.GetAttribute("title").ShouldBe("Wednesday 1 July 2026, 14:00:05.250 UTC+02:00");
        time.GetAttribute("datetime").ShouldBe("2026-07-01T12:00:05.2500000Z");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Nowhere/Atlantis")]
    [InlineData("../../etc/passwd")]
    [InlineData("/usr/share/zoneinfo/Europe/Vienna")]
    public void Zone_the_server_does_not_know_leaves_utc(string? zone)
    {
        var clock = new BrowserClock(new ManualTime());

        clock.UseZone(zone);

        clock.Text(Noon, TimeShape.Minute).ShouldBe("12:00");
    }

    [Fact]
    public void Hour_that_summer_time_skips_is_no_moment()
    {
        var clock = new BrowserClock(new ManualTime());
        clock.UseZone("Europe/Vienna");

        clock.FromLocal(new DateTime(2026, 3, 29, 2, 30, 0)).ShouldBeNull();
        clock.FromLocal(new DateTime(2026, 3, 29, 3, 30, 0)).ShouldBe(new DateTimeOffset(2026, 3, 29, 1, 30, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Person_is_an_alias_and_two_digits_that_lead_to_her_page()
    {
        var person = Render<Person>(p => p.Add(x => x.Alias, "amber-otter-41").Add(x => x.LastDigits, "67").Add(x => x.Href, "users/7"));

        person.Find("a").TextContent.ShouldBe("amber-otter-41··67");
        person.Find("a").GetAttribute("href").ShouldBe("users/7");
    }

    [Fact]
    public void Hidden_text_keeps_one_shape_and_gives_no_word_away()
    {
        var first = Render<HiddenText>(p => p.Add(x => x.Characters, 40).Add(x => x.Seed, 7)).Markup;
        var again = Render<HiddenText>(p => p.Add(x => x.Characters, 40).Add(x => x.Seed, 7)).Markup;
        var longer = Render<HiddenText>(p => p.Add(x => x.Characters, 4).Add(x => x.Seed, 7));

        first.ShouldBe(again);
        longer.FindAll("i").Count.ShouldBe(1);
        longer.Find(".hidden-text").TextContent.ShouldBeEmpty();
    }
}
