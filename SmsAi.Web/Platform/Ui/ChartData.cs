using System.Text.Json.Serialization;

namespace SmsAi.Web.Platform.Ui;

/// <summary>How a chart draws its series: bars stacked on each other, or thin lines.</summary>
public enum ChartKind
{
    StackedBars, Lines,
}

/// <summary>How a chart's numbers are written on the axis, in the tooltip and in the table.</summary>
public enum ChartUnit
{
    Count, Seconds, Dollars,
}

/// <summary>One series; a null is a gap. Colour is one of the five of the charts, in their fixed order.</summary>
public sealed record ChartSeries(string Name, IReadOnlyList<double?> Values, int Color);

/// <summary>A tinted stretch of time with a solid left edge: paused (warn) or stopped (stop).</summary>
public sealed record ChartBand(int From, int Until, [property: JsonIgnore] Tone Kind)
{
    /// <summary>The class name chart.js gives the stretch.</summary>
    public string Tone => Kind.Css();
}

/// <summary>A dashed line across a chart with its name, such as a budget.</summary>
public sealed record ChartLimit(double Value, string Name);

/// <summary>Everything a chart shows; a new instance is a new picture.</summary>
public sealed record ChartData
{
    public static ChartData Empty { get; } = new() { Labels = [], Series = [] };

    /// <summary>What stands under each point, oldest first.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    public IReadOnlyList<ChartBand> Bands { get; init; } = [];

    public ChartLimit? Limit { get; init; }
}
