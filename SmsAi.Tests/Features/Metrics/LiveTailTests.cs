using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Metrics;
using SmsAi.Tests.Platform;
using SmsAi.Web.Features.Metrics;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>The live tail follows, and waits for whoever reads.</summary>
public sealed class LiveTailTests : BunitContext
{
    private static readonly TailRow[] Three = [OverviewSamples.Row(3), OverviewSamples.Row(2), OverviewSamples.Row(1, "sent")];

    private readonly ManualTime _time = new();

    public LiveTailTests() => Services.AddSingleton<TimeProvider>(_time).AddScoped<BrowserClock>();

    [Fact]
    public void Fifty_rows_fit_into_the_smallest_buffer_a_dashboard_can_hold_them_in()
    {
        var tail = Render<LiveTail>(p => p.Add(t => t.Rows, [.. Enumerable.Range(1, 50).Select(id => OverviewSamples.Row(id))]).Add(t => t.MayShowBodies, true));

        // Each dashboard holds the list's frames twice, in buffers of powers of two: the next larger ones cost 160 KB more.
        FramesOf(tail).ShouldBeInRange(50 * 30, 2_048);
    }

    [Fact]
    public void New_rows_come_on_top()
    {
        var tail = RenderTail(Three);

        Show(tail, [OverviewSamples.Row(4), .. Three]);

        Ids(tail).ShouldBe([4, 3, 2, 1]);
    }

    [Fact]
    public void Flood_is_followed_once_a_second_and_a_trickle_at_once()
    {
        TailRow[] flood = [.. Enumerable.Range(0, 10).Select(n => OverviewSamples.Row(20 - n)), .. Three];
        var tail = RenderTail(Three);

        Show(tail, flood);
        Ids(tail).ShouldBe([3, 2, 1]);
        Show(tail, [OverviewSamples.Row(4), .. Three]);
        Ids(tail).ShouldBe([4, 3, 2, 1]);
        Show(tail, flood);
        _time.Pass(TimeSpan.FromSeconds(1));
        Show(tail, flood);
        Ids(tail).ShouldBe(flood.Select(row => row.Id));
    }

    [Fact]
    public void Held_list_stays_counts_and_shows_what_came_on_demand()
    {
        var tail = RenderTail(Three);
        Hold(tail).Click();

        Show(tail, [OverviewSamples.Row(5), OverviewSamples.Row(4), .. Three]);
        Ids(tail).ShouldBe([3, 2, 1]);
        Hold(tail).TextContent.Trim().ShouldBe("2 new, show");

        Hold(tail).Click();
        Ids(tail).ShouldBe([5, 4, 3, 2, 1]);
        Hold(tail).TextContent.Trim().ShouldBe("Hold the list");
    }

    [Fact]
    public void Held_list_counts_also_what_left_the_snapshot_again()
    {
        var tail = RenderTail(Three);
        Hold(tail).Click();

        Show(tail, [OverviewSamples.Row(5), OverviewSamples.Row(4), OverviewSamples.Row(3)]);
        Show(tail, [OverviewSamples.Row(8), OverviewSamples.Row(7), OverviewSamples.Row(6)]);

        Hold(tail).TextContent.Trim().ShouldBe("5 new, show");
    }

    [Fact]
    public void States_of_held_rows_go_on()
    {
        var tail = RenderTail(Three);
        Hold(tail).Click();

        Show(tail, [OverviewSamples.Row(3), OverviewSamples.Row(2), OverviewSamples.Row(1, "failed")]);

        tail.FindAll("tbody .state")[^1].TextContent.ShouldBe("Failed");
    }

    [Theory]
    [InlineData("mouse", new long[] { 3, 2, 1 })]
    [InlineData("touch", new long[] { 4, 3, 2, 1 })]
    public void Mouse_over_the_list_keeps_it_still(string device, long[] expected)
    {
        var tail = RenderTail(Three);
        tail.Find("table").TriggerEvent("onpointerenter", new PointerEventArgs { PointerType = device });

        Show(tail, [OverviewSamples.Row(4), .. Three]);
        Ids(tail).ShouldBe(expected);

        tail.Find("table").TriggerEvent("onpointerleave", new PointerEventArgs { PointerType = device });
        Ids(tail).ShouldBe([4, 3, 2, 1]);
    }

    [Fact]
    public void Texts_are_grey_blocks_and_nobody_without_the_right_is_offered_to_see_them()
    {
        var tail = RenderTail(Three);

        tail.FindAll("tbody .hidden-text").Count.ShouldBe(3);
        tail.Find("header").TextContent.ShouldContain("Texts are hidden for your role");
        tail.FindAll("header button").Count.ShouldBe(1);
    }

    [Fact]
    public void Whoever_may_and_wants_sees_the_words()
    {
        bool? wanted = null;
        var tail = Render<LiveTail>(p => p.Add(part => part.Rows, Three).Add(part => part.MayShowBodies, true).Add(part => part.OnShowBodies, shows => wanted = shows));
        tail.FindAll("header button")[0].Click();
        wanted.ShouldBe(true);

        tail.Render(p => p.Add(part => part.ShowsBodies, true).Add(part => part.Bodies, new Dictionary<long, string> { [3] = "two boxes" }));

        tail.FindAll("tbody td.text").Select(cell => cell.TextContent.Trim()).ShouldBe(["two boxes", "", ""]);
        tail.FindAll("tbody .hidden-text").Count.ShouldBe(2);
    }

    [Fact]
    public void Empty_list_says_what_will_come_and_offers_the_phone() =>
        RenderTail([]).Find(".empty a").GetAttribute("href").ShouldBe("phone");

    private IRenderedComponent<LiveTail> RenderTail(TailRow[] rows) => Render<LiveTail>(p => p.Add(part => part.Rows, rows));

    private static void Show(IRenderedComponent<LiveTail> tail, TailRow[] rows) => tail.Render(p => p.Add(part => part.Rows, rows));

    private static IElement Hold(IRenderedComponent<LiveTail> tail) => tail.FindAll("header button")[^1];

    private static IEnumerable<long> Ids(IRenderedComponent<LiveTail> tail) =>
        tail.FindAll("tbody a.person").Select(link => long.Parse(link.GetAttribute("href")!["messages/".Length..], System.Globalization.CultureInfo.InvariantCulture));

#pragma warning disable BL0006 // How many frames a rendering has, nothing but the framework knows.
    private int FramesOf(IRenderedComponent<LiveTail> tail)
    {
        var frames = typeof(Microsoft.AspNetCore.Components.RenderTree.Renderer)
            .GetMethod("GetCurrentRenderTreeFrames", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .Invoke(Renderer, [tail.ComponentId]);
        return ((Microsoft.AspNetCore.Components.RenderTree.ArrayRange<Microsoft.AspNetCore.Components.RenderTree.RenderTreeFrame>)frames!).Count;
    }
#pragma warning restore BL0006
}
