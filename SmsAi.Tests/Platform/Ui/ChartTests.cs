using Bunit;
using SmsAi.Tests.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Ui;

/// <summary>A chart is drawn once, updated in place, readable as a table, and taken down with its page.</summary>
public sealed class ChartTests : BunitContext
{
    private readonly BunitJSModuleInterop _module;
    private readonly BunitJSModuleInterop _drawing;

    public ChartTests()
    {
        _module = JSInterop.SetupModule("./built/js/chart.js");
        _drawing = _module.SetupModule("draw", _ => true);
        _drawing.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void New_figures_update_the_drawing_that_is_there()
    {
        var chart = RenderChart(Figures(1, 2));

        chart.Render(p => p.Add(c => c.Data, Figures(2, 3)));
        chart.Render(p => p.Add(c => c.Title, "Same figures"));

        _module.Invocations["draw"].Count.ShouldBe(1);
        _drawing.Invocations["update"].Count.ShouldBe(1);
    }

    [Fact]
    public void Table_shows_the_same_figures_newest_first()
    {
        var chart = RenderChart(Figures(1.25, null));

        chart.Find(".table-toggle").Click();

        chart.FindAll("thead th").Select(cell => cell.TextContent).ShouldBe(["Time", "p50"]);
        chart.FindAll("tbody tr").Select(row => string.Join('|', row.Children.Select(cell => cell.TextContent))).ShouldBe(["13:01|", "13:00|1.3 s"]);
        _drawing.Invocations["erase"].Count.ShouldBe(1);
    }

    [Fact]
    public void Picture_and_table_have_the_marks_of_whoever_looks()
    {
        using var reader = new ReadAs("de-DE");
        var chart = RenderChart(Figures(1.25, null));

        var marks = _module.Invocations["draw"].Single().Arguments[^1].ShouldBeOfType<ChartMarks>();
        (marks.Point, marks.Group, string.Join(' ', marks.Sizes)).ShouldBe((",", ".", "3"));
        chart.Find(".table-toggle").Click();
        chart.FindAll("tbody tr")[1].TextContent.ShouldContain("1,3 s");
    }

    [Fact]
    public void Chart_comes_back_from_its_table()
    {
        var chart = RenderChart(Figures(1, 2));

        chart.Find(".table-toggle").Click();
        chart.Find(".table-toggle").Click();

        chart.Find(".canvas").GetAttribute("aria-label").ShouldBe("Half of the answers take 1 s.");
        _module.Invocations["draw"].Count.ShouldBe(2);
    }

    [Fact]
    public async Task Leaving_the_page_erases_the_drawing()
    {
        RenderChart(Figures(1, 2));

        await DisposeComponentsAsync();

        _drawing.Invocations["erase"].Count.ShouldBe(1);
    }

    private IRenderedComponent<Chart> RenderChart(ChartData data) => Render<Chart>(p => p
        .Add(c => c.Title, "Answer time").Add(c => c.Kind, ChartKind.Lines).Add(c => c.Unit, ChartUnit.Seconds)
        .Add(c => c.Sentence, "Half of the answers take 1 s.").Add(c => c.Data, data));

    private static ChartData Figures(params double?[] values) => new()
    {
        Labels = [.. values.Select((_, index) => $"13:{index:00}")],
        Series = [new ChartSeries("p50", values, 1)],
    };
}
