using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Metrics;

/// <summary>The pictures of the last hour: made anew only when they say something new, and at most once a second.</summary>
public sealed class OverviewCharts
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private IReadOnlyList<OverviewMinute> _minutes = [];
    private IReadOnlyList<StopBand> _bands = [];
    private TimeZoneInfo? _zone;
    private long _drawnAt;

    public ChartData Volume { get; private set; } = ChartData.Empty;

    public string VolumeSentence { get; private set; } = "";

    public ChartData Times { get; private set; } = ChartData.Empty;

    public string TimesSentence { get; private set; } = "";

    public void Draw(OverviewSnapshot snapshot, BrowserClock clock, TimeProvider time)
    {
        var isNew = !_minutes.SequenceEqual(snapshot.Minutes) || !_bands.SequenceEqual(snapshot.Bands) || _zone != clock.Zone;
        if (!isNew || (_drawnAt != 0 && time.GetElapsedTime(_drawnAt) < Shortest))
            return;
        (_minutes, _bands, _zone, _drawnAt) = (snapshot.Minutes, snapshot.Bands, clock.Zone, time.GetTimestamp());
        string[] labels = [.. _minutes.Select(minute => clock.Text(minute.At, TimeShape.Minute))];
        if (labels.Length > 0)
            labels[^1] = "now";
        Volume = new ChartData
        {
            Labels = labels,
            Series = [Series("out", minute => minute.Out, 1), Series("in", minute => minute.In, 5)],
            Bands = [.. _bands.Select(Band)],
        };
        Times = new ChartData { Labels = labels, Series = [Series("p50", minute => minute.P50 / 1000.0, 1), Series("p95", minute => minute.P95 / 1000.0, 2)] };
        (VolumeSentence, TimesSentence) = (SayVolume(), SayTimes(snapshot));
    }

    private ChartSeries Series(string name, Func<OverviewMinute, double?> value, int color) => new(name, [.. _minutes.Select(value)], color);

    private ChartBand Band(StopBand band)
    {
        var first = _minutes.Count == 0 ? band.From : _minutes[0].At;
        var from = (int)Math.Floor((band.From - first).TotalMinutes);
        var until = band.Until is { } end ? (int)Math.Ceiling((end - first).TotalMinutes) : _minutes.Count;
        return new ChartBand(Math.Clamp(from, 0, _minutes.Count), Math.Clamp(until, 0, _minutes.Count), band.Switch == Switch.Kill ? Tone.Stop : Tone.Warn);
    }

    private string SayVolume()
    {
        var (ins, outs) = (_minutes.Sum(minute => (long)minute.In), _minutes.Sum(minute => (long)minute.Out));
        var fullest = _minutes.Count == 0 ? 0 : _minutes.Max(minute => minute.In + minute.Out);
        return $"In the last hour {NumberText.Of(ins)} texts came in and {NumberText.Of(outs)} went out; the fullest minute had {NumberText.Of(fullest)}.";
    }

    private static string SayTimes(OverviewSnapshot snapshot) => (snapshot.AnswerP50, snapshot.AnswerP95) switch
    {
        ({ } half, { } most) => $"In the last hour half of the answers took at most {Duration(half)}, and 95 of 100 at most {Duration(most)}.",
        _ => "No answers in the last hour.",
    };

    private static string Duration(int milliseconds) => DurationText.Of(TimeSpan.FromMilliseconds(milliseconds));
}
