using Bunit;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.Stopping;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Access;
using SmsAi.Web.Features.Metrics;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>What the parts of the Overview say.</summary>
public sealed class OverviewPartsTests : BunitContext
{
    public OverviewPartsTests() => Services.AddSingleton<TimeProvider>(new ManualTime()).AddScoped<BrowserClock>();

    [Fact]
    public void Strip_says_today_now_and_how_that_compares()
    {
        Figures(OverviewSamples.Busy).ShouldBe(
        [
            "Received today: 4,218 (+6% on last Sunday)",
            "Sent today: 4,094 (3,981 delivered)",
            "Per minute: 43in 41out (peak 88 at 09:12)",
            "Active users: 1,306 (today)",
            "Answer time: 1.4s 2.8s (p50 and p95)",
            "Errors: 0.3% (12 of 4,094)",
            "Cost today: $41.27 (of $60.00)",
            "Waiting: 6 (oldest 0.8 s)",
        ]);
    }

    [Fact]
    public void Strip_is_written_with_the_marks_and_the_clock_of_whoever_looks()
    {
        using var reader = new ReadAs("de-DE", is12Hour: true);

        Figures(OverviewSamples.Busy).ShouldBe(
        [
            "Received today: 4.218 (+6% on last Sunday)",
            "Sent today: 4.094 (3.981 delivered)",
            "Per minute: 43in 41out (peak 88 at 9:12\u00a0AM)",
            "Active users: 1.306 (today)",
            "Answer time: 1,4s 2,8s (p50 and p95)",
            "Errors: 0,3% (12 of 4.094)",
            "Cost today: $41,27 (of $60,00)",
            "Waiting: 6 (oldest 0,8 s)",
        ]);
    }

    [Fact]
    public void Strip_of_a_new_service_has_no_figures_it_does_not_know()
    {
        Figures(OverviewSamples.Quiet).ShouldBe(
        [
            "Received today: 0 (since 00:00 UTC)",
            "Sent today: 0 (0 delivered)",
            "Per minute: 0in 0out (none yet today)",
            "Active users: 0 (today)",
            "Answer time: – (no answers yet)",
            "Errors: – (0 of 0)",
            "Cost today: $0.00 (no cap)",
            "Waiting: 0 (nothing waits)",
        ]);
    }

    [Fact]
    public void Stopped_service_counts_what_it_holds_as_waiting_and_turns_its_age_red()
    {
        var strip = RenderStrip(OverviewSamples.Busy with
        {
            Queue = new QueueFigures(0, null, 17, TimeSpan.FromSeconds(362)),
            Hour = OverviewSamples.Busy.Hour with { Bands = [new StopBand(Switch.Kill, OverviewSamples.Minute(52), null, "Jonas Weber", "")] },
        });

        Figure(strip, "Waiting").ShouldBe("Waiting: 17 (oldest 6 min 02 s)");
        strip.FindAll(".figure")[^1].QuerySelector(".detail")!.ClassList.ShouldContain("stop");
        Figure(strip, "Per minute").ShouldEndWith("(out stopped)");
    }

    [Fact]
    public void Things_that_need_a_person_lead_to_their_message()
    {
        var needs = Render<NeedsPerson>(p => p.Add(part => part.Needs,
        [
            new NeedsYou("dead_letters", 2, new(2026, 3, 1, 14, 10, 0, TimeSpan.Zero), "model refused", 88),
            new NeedsYou("uncertain", 1, null, "the carrier is asked again", null),
        ]));

        needs.Find("a").GetAttribute("href").ShouldBe("messages/88");
        needs.FindAll("li").Select(need => need.TextContent.Trim()).ShouldBe(
            ["2 dead lettersmodel refused, since 14:10", "1 text uncertainthe carrier is asked again"]);
    }

    private IRenderedComponent<OverviewStrip> RenderStrip(OverviewSnapshot snapshot) => Render<OverviewStrip>(p => p.Add(strip => strip.Snapshot, snapshot));

    private IEnumerable<string> Figures(OverviewSnapshot snapshot) => Figures(RenderStrip(snapshot));

    private static string Figure(IRenderedComponent<OverviewStrip> strip, string label) =>
        Figures(strip).Single(figure => figure.StartsWith(label + ":", StringComparison.Ordinal));

    private static IEnumerable<string> Figures(IRenderedComponent<OverviewStrip> strip) => strip.FindAll(".figure").Select(figure =>
        $"{figure.QuerySelector("dt")!.TextContent}: {figure.QuerySelector(".value")!.TextContent.Trim()} ({figure.QuerySelector(".detail")!.TextContent})");
}
