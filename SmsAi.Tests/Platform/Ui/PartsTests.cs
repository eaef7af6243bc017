using Bunit;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Ui;

/// <summary>The small parts that carry words: figures, notes, empty states, faults of fields, the segment bar.</summary>
public sealed class PartsTests : BunitContext
{
    [Fact]
    public void Every_icon_has_a_drawing() =>
        Enum.GetValues<IconName>().Where(name => !IconShapes.Of(name).StartsWith('<')).ShouldBeEmpty();

    [Fact]
    public void Icon_is_silent_beside_a_word_and_speaks_alone()
    {
        Render<Icon>(p => p.Add(i => i.Name, IconName.Stop)).Find("svg").GetAttribute("aria-hidden").ShouldBe("true");
        var alone = Render<Icon>(p => p.Add(i => i.Name, IconName.Stop).Add(i => i.Label, "Stop all")).Find("svg");
        alone.GetAttribute("aria-label").ShouldBe("Stop all");
        alone.HasAttribute("aria-hidden").ShouldBeFalse();
    }

    [Fact]
    public void Figure_keeps_its_last_value_dimmed_when_it_is_old() =>
        Render<Figure>(p => p.Add(f => f.Label, "Waiting").Add(f => f.Value, "6").Add(f => f.Unit, "texts").Add(f => f.Stale, true).Add(f => f.Detail, "from 14:32:07"))
            .MarkupMatches("""
                <div class="figure is-stale"><dt>Waiting</dt><dd class="value">6<small>texts</small></dd><dd class="detail">from 14:32:07</dd></div>
                """);

    [Fact]
    public void Fault_takes_the_place_of_the_hint()
    {
        var fault = Render<Fault>(p => p.Add(f => f.Hint, "At least 12 characters.").Add(f => f.Text, "4 characters."));

        fault.Find("[role=alert]").TextContent.ShouldBe("4 characters.");
        fault.FindAll(".hint").ShouldBeEmpty();
    }

    [Fact]
    public void Part_too_small_for_its_name_is_still_told()
    {
        var bar = Render<SegmentBar>(p => p.Add(b => b.Parts, [new BarPart("Webhook", "11 ms", 11, 4), new BarPart("Model", "1.72 s", 1720, 1)]));

        bar.Find("[role=img]").GetAttribute("aria-label").ShouldBe("Webhook 11 ms, Model 1.72 s");
        bar.FindAll(".names > span").Select(name => name.TextContent.Trim()).ShouldBe(["", "Model 1.72 s"]);
    }

    [Fact]
    public void Note_says_fact_consequence_and_act()
    {
        var note = Render<Note>(p => p.Add(n => n.Tone, Tone.Warn).Add(n => n.Fact, "Redis is away.").AddChildContent("Nothing is lost.").Add(n => n.Acts, "<button>Look</button>"));

        note.Find("b").TextContent.ShouldBe("Redis is away.");
        note.Find(".more").TextContent.ShouldBe("Nothing is lost.");
        note.Find(".acts button").TextContent.ShouldBe("Look");
    }
}
