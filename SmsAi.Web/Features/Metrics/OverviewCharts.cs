using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Metrics;

/// <summary>The Overview's pictures of a span of time: made anew only when they say something new, and of the same span at most once a second.</summary>
public sealed class OverviewCharts
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private OverviewSpan? _span;
    private TimeZoneInfo? _zone;
    private long _drawnAt;

    public string VolumeTitle { get; private set; } = "";

    public ChartData Volume { get; private set; } = ChartData.Empty;

    public string VolumeSentence { get; private set; } = "";

    public ChartData Times { get; private set; } = ChartData.Empty;

    public string TimesSentence { get; private set; } = "";

    /// <summary>What the times stand for in the pictures' tables.</summary>
    public string LabelHead { get; private set; } = "";

    public void Draw(OverviewSpan span, BrowserClock clock, TimeProvider time)
    {
        var isOther = _span?.Reach != span.Reach || _zone != clock.Zone;
        if (!isOther && (IsSame(span) || time.GetElapsedTime(_drawnAt) < Shortest))
            return;
        (_span, _zone, _drawnAt) = (span, clock.Zone, time.GetTimestamp());
        var shape = span.Reach == OverviewReach.Week ? TimeShape.DayMinute : TimeShape.Minute;
        string[] labels = [.. span.Steps.Select(step => clock.Text(step.At, shape))];
        if (labels.Length > 0)
            labels[^1] = "now";
        Volume = new ChartData
        {
            Labels = labels,
            Series = [Series("out", step => step.Out, 1), Series("in", step => step.In, 5)],
            Bands = [.. span.Bands.Select(Band)],
        };
        Times = new ChartData { Labels = labels, Series = [Series("p50", step => step.P50 / 1000.0, 1), Series("p95", step => step.P95 / 1000.0, 2)] };
        (VolumeTitle, LabelHead) = ($"Texts per {Step}", span.Reach == OverviewReach.Hour ? "Minute" : "From");
        (VolumeSentence, TimesSentence) = (SayVolume(), SayTimes());

        ChartSeries Series(string name, Func<OverviewStep, double?> value, int color) => new(name, [.. span.Steps.Select(value)], color);
    }

    private string Step => _span!.Step.TotalMinutes switch
    {
        1 => "minute",
        < 60 and var minutes => $"{NumberText.Of((long)minutes)} minutes",
        var minutes => $"{NumberText.Of((long)minutes / 60)} hours",
    };

    private string When => _span!.Reach switch
    {
        OverviewReach.Hour => "in the last hour",
        OverviewReach.Today => "since 00:00 UTC",
        _ => "in the last 7 days",
    };

    private bool IsSame(OverviewSpan span) => _span!.Steps.SequenceEqual(span.Steps) && _span.Bands.SequenceEqual(span.Bands);

    private ChartBand Band(StopBand band)
    {
        var (steps, step) = (_span!.Steps, _span.Step);
        var first = steps.Count == 0 ? band.From : steps[0].At;
        var from = (int)Math.Floor((band.From - first) / step);
        var until = band.Until is { } end ? (int)Math.Ceiling((end - first) / step) : steps.Count;
        return new ChartBand(Math.Clamp(from, 0, steps.Count), Math.Clamp(until, 0, steps.Count), band.Switch == Switch.Kill ? Tone.Stop : Tone.Warn);
    }

    private string SayVolume()
    {
        var steps = _span!.Steps;
        var (ins, outs) = (steps.Sum(step => (long)step.In), steps.Sum(step => (long)step.Out));
        var fullest = steps.Count == 0 ? 0 : steps.Max(step => step.In + step.Out);
        return $"{Sentence(When)} {NumberText.Of(ins)} texts came in and {NumberText.Of(outs)} went out; the fullest {Step} had {NumberText.Of(fullest)}.";
    }

    private string SayTimes() => (_span!.AnswerP50, _span.AnswerP95) switch
    {
        ({ } half, { } most) => $"{Sentence(When)} half of the answers took at most {Duration(half)}, and 95 of 100 at most {Duration(most)}.",
        _ => $"No answers {When}.",
    };

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private static string Duration(int milliseconds) => DurationText.Of(TimeSpan.FromMilliseconds(milliseconds));
}
