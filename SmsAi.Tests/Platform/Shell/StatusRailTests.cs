using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Shell;

/// <summary>What the rail says in each state of the service.</summary>
public sealed class StatusRailTests : BunitContext
{
    private readonly ManualTime _time = new();

    public StatusRailTests()
    {
        Services.AddSingleton<TimeProvider>(_time);
        Services.AddScoped<BrowserClock>();
        Services.AddSingleton(Slot.Of<Lever>(SlotPlace.Rail));
        Services.AddSingleton(Slot.Of<Speed>(SlotPlace.RailFacts));
    }

    [Fact]
    public void Live_service_says_its_speed_and_that_it_can_be_stopped()
    {
        var rail = RenderRail(new RailModel
        {
            Beats = [Heartbeat.InTime, Heartbeat.Late],
            StopVerifiedAt = _time.GetUtcNow() - TimeSpan.FromSeconds(34),
        });

        rail.Find(".service").TextContent.ShouldBe("Live");
        Facts(rail).ShouldStartWith("43 texts out a minute · Can stop: verified 34 s ago");
        rail.FindAll(".beat i").Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(119, false, false)]
    [InlineData(130, true, false)]
    [InlineData(301, false, true)]
    public void Old_proof_of_stopping_turns_amber_then_red(int seconds, bool isAmber, bool isRed)
    {
        var rail = RenderRail(new RailModel { StopVerifiedAt = _time.GetUtcNow() - TimeSpan.FromSeconds(seconds) });

        (rail.FindAll(".facts .tone-warn").Count > 0).ShouldBe(isAmber);
        (rail.FindAll(".facts .tone-stop").Count > 0).ShouldBe(isRed);
    }

    [Fact]
    public void Proof_that_failed_is_said_in_red_however_fresh_the_last_one_is()
    {
        var rail = RenderRail(new RailModel { StopVerifiedAt = _time.GetUtcNow(), StopFault = "app-2 let a canary through" });

        rail.Find(".facts .tone-stop").TextContent.ShouldContain("Can it stop? app-2 let a canary through");
        rail.Markup.ShouldNotContain("verified");
    }

    [Fact]
    public void Stopped_service_says_who_when_and_what_is_held()
    {
        var rail = RenderRail(new RailModel
        {
            Condition = ServiceCondition.Stopped,
            Since = new(2026, 3, 1, 14, 26, 11, TimeSpan.Zero),
            By = "Jonas Weber",
            Held = 17,
            Confirmed = 2,
            Replicas = 2,
        });

        rail.Find(".service").TextContent.ShouldBe("Stopped");
        Facts(rail).ShouldBe("14:26:11 by Jonas Weber · 17 held · 0 sent since · 2 of 2 replicas confirm");
        rail.Find("[role=alert]").TextContent.ShouldStartWith("Stopped by Jonas Weber");
    }

    [Fact]
    public void Replica_that_has_not_confirmed_is_not_ticked_off()
    {
        var rail = RenderRail(new RailModel { Condition = ServiceCondition.Stopped, Confirmed = 1, Replicas = 2 });

        rail.Find(".facts").TextContent.ShouldContain("1 of 2 replicas confirm");
        rail.FindAll(".facts svg").ShouldBeEmpty();
    }

    [Fact]
    public void Paused_service_says_until_when_and_why()
    {
        var rail = RenderRail(new RailModel
        {
            Condition = ServiceCondition.Paused,
            Until = new(2026, 3, 1, 15, 30, 0, TimeSpan.Zero),
            By = "Mara",
            Reason = "Carrier maintenance",
        });

        rail.Find(".service").TextContent.ShouldBe("Paused");
        rail.Find(".facts").TextContent.ShouldContain("until 15:30");
        rail.Find(".facts").TextContent.ShouldContain("“Carrier maintenance”");
    }

    [Fact]
    public void Model_off_and_parties_away_come_first_in_amber()
    {
        var rail = RenderRail(new RailModel { AiOffSince = new(2026, 3, 1, 9, 5, 0, TimeSpan.Zero), Troubles = ["Redis is away"] });

        rail.FindAll(".facts > *").Select(fact => fact.TextContent.Trim()).ShouldBe(["AI off since 09:05", "Redis is away", "43 texts out a minute"]);
        rail.Find(".lamp").ClassList.ShouldContain("is-troubled");
    }

    [Theory]
    [InlineData(ServiceCondition.Live)]
    [InlineData(ServiceCondition.Paused)]
    [InlineData(ServiceCondition.Stopped)]
    public void Levers_of_features_stand_at_the_right_in_every_state(ServiceCondition condition)
    {
        var rail = RenderRail(new RailModel { Condition = condition });

        rail.FindAll(".rail > :last-child button")[^1].TextContent.ShouldBe("Stop all");
    }

    private IRenderedComponent<StatusRail> RenderRail(RailModel model) => Render<StatusRail>(p => p.Add(rail => rail.Model, model));

    private static string Facts(IRenderedComponent<StatusRail> rail) => string.Join(" · ", rail.FindAll(".facts > *").Select(fact => fact.TextContent.Trim()));

    private sealed class Speed : ComponentBase
    {
        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder) =>
            builder.AddMarkupContent(0, "<span>43 texts out a minute</span>");
    }

    private sealed class Lever : ComponentBase
    {
        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder) =>
            builder.AddMarkupContent(0, "<button>Stop all</button>");
    }
}
