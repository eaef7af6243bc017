using System.Globalization;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Metrics;

/// <summary>What a batch of events adds to the figures of minutes, hours and days.</summary>
internal sealed class MetricFigures
{
    public SortedDictionary<DateTime, Minute> Minutes { get; } = [];

    public SortedDictionary<HourKey, long> Hours { get; } = [];

    public SortedDictionary<DateOnly, (long Model, long Carrier)> Days { get; } = [];

    public void AddReceived(DateTimeOffset at)
    {
        At(at).TextsIn++;
        Hour(at, "texts_in", 1);
    }

    /// <summary>A text left: the carrier has it.</summary>
    public void AddDeparted(DateTimeOffset at)
    {
        At(at).TextsOut++;
        Hour(at, "texts_out", 1);
    }

    public void AddDelivered(DateTimeOffset at)
    {
        At(at).Delivered++;
        Hour(at, "delivered", 1);
    }

    public void AddError(DateTimeOffset at, int count)
    {
        At(at).Errors += count;
        Hour(at, "errors", count);
    }

    public void AddAnswer(DateTimeOffset at, EventData data)
    {
        var micros = data.Number("micros") ?? 0;
        At(at).ModelMicros += micros;
        Spend(at, micros, 0);
        if (data.Text("kind") is null or "answer")
            Hour(at, "answers", 1, "category", data.Text("category"));
        if (data.Text("model") is { } model)
        {
            Hour(at, "model_micros", micros, "model", model);
            Hour(at, "tokens", (data.Number("in") ?? 0) + (data.Number("out") ?? 0), "model", model);
        }
    }

    /// <summary>What the carrier takes for a text, and how long its person waited for it, if she had asked.</summary>
    public void AddSent(DateTimeOffset at, long micros, DateTime? received)
    {
        var minute = At(at);
        minute.CarrierMicros += micros;
        Hour(at, "carrier_micros", micros);
        Spend(at, 0, micros);
        if (received is not { } from)
            return;
        var milliseconds = Math.Max(0, (at.UtcDateTime - from).Ticks / TimeSpan.TicksPerMillisecond);
        minute.AnswerTimes[AnswerTimes.BucketOf(milliseconds)]++;
        Hour(at, "answers_timed", 1);
        Hour(at, "answer_ms", milliseconds);
    }

    private Minute At(DateTimeOffset at)
    {
        var minute = new DateTime(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMinute, DateTimeKind.Utc);
        return Minutes.TryGetValue(minute, out var figures) ? figures : Minutes[minute] = new Minute();
    }

    private void Hour(DateTimeOffset at, string metric, long value, string? tag = null, string? tagged = null)
    {
        var hour = new DateTime(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerHour, DateTimeKind.Utc);
        var tags = tagged is null ? "{}" : string.Create(CultureInfo.InvariantCulture, $$"""{"{{tag}}":{{System.Text.Json.JsonSerializer.Serialize(tagged)}}}""");
        var key = new HourKey(hour, metric, tags);
        Hours[key] = Hours.GetValueOrDefault(key) + value;
    }

    private void Spend(DateTimeOffset at, long model, long carrier)
    {
        if (model == 0 && carrier == 0)
            return;
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        var (knownModel, knownCarrier) = Days.GetValueOrDefault(day);
        Days[day] = (knownModel + model, knownCarrier + carrier);
    }

    /// <summary>One UTC minute.</summary>
    internal sealed class Minute
    {
        public int TextsIn { get; set; }

        public int TextsOut { get; set; }

        public int Delivered { get; set; }

        public int Errors { get; set; }

        public long ModelMicros { get; set; }

        public long CarrierMicros { get; set; }

        public int[] AnswerTimes { get; } = new int[Metrics.AnswerTimes.Buckets];
    }

    /// <summary>One figure of one UTC hour; ordered, so that replicas lock rows in one order.</summary>
    internal readonly record struct HourKey(DateTime Hour, string Metric, string Tags) : IComparable<HourKey>
    {
        public int CompareTo(HourKey other)
        {
            var byHour = Hour.CompareTo(other.Hour);
            if (byHour != 0)
                return byHour;
            var byMetric = string.CompareOrdinal(Metric, other.Metric);
            return byMetric != 0 ? byMetric : string.CompareOrdinal(Tags, other.Tags);
        }
    }
}
