using Npgsql;

namespace SmsAi.Core.Features.Metrics;

/// <summary>Stored minutes added up to steps of one length.</summary>
internal sealed class StepCounts(TimeSpan step)
{
    private readonly SortedDictionary<DateTime, Counts> _steps = [];

    public TimeSpan Step => step;

    /// <summary>Puts what was read anew from a step's begin on in the place of what was known of that time.</summary>
    public void Replace(DateTime from, IEnumerable<StoredMinute> minutes)
    {
        Forget(at => at >= from);
        foreach (var minute in minutes)
        {
            var at = OverviewSpan.Floor(minute.At, step);
            if (!_steps.TryGetValue(at, out var counts))
                _steps[at] = counts = new();
            counts.Add(minute);
        }
    }

    /// <summary>The steps from one to the running one; older ones are forgotten.</summary>
    public OverviewSpan Span(OverviewReach reach, DateTime from, DateTime now, IReadOnlyList<StopBand> bands)
    {
        Forget(at => at < from);
        var all = new int[AnswerTimes.Buckets];
        List<OverviewStep> steps = [];
        for (var at = from; at <= now; at += step)
        {
            if (_steps.TryGetValue(at, out var counts))
            {
                steps.Add(new(at, counts.In, counts.Out, AnswerTimes.Quantile(counts.Times, 0.5), AnswerTimes.Quantile(counts.Times, 0.95)));
                AnswerTimes.Add(all, counts.Times);
            }
            else
            {
                steps.Add(new(at, 0, 0, null, null));
            }
        }

        return new()
        {
            Reach = reach,
            Step = step,
            Steps = steps,
            Bands = bands,
            AnswerP50 = AnswerTimes.Quantile(all, 0.5),
            AnswerP95 = AnswerTimes.Quantile(all, 0.95),
        };
    }

    private void Forget(Predicate<DateTime> which)
    {
        foreach (var at in _steps.Keys.Where(at => which(at)).ToList())
            _steps.Remove(at);
    }

    private sealed class Counts
    {
        public int In { get; private set; }

        public int Out { get; private set; }

        public int[] Times { get; } = new int[AnswerTimes.Buckets];

        public void Add(StoredMinute minute)
        {
            In += minute.In;
            Out += minute.Out;
            AnswerTimes.Add(Times, minute.Times);
        }
    }
}

/// <summary>A row of metric_minutes, as far as the pictures need it.</summary>
internal sealed record StoredMinute(DateTime At, int In, int Out, int[] Times)
{
    public static StoredMinute Of(NpgsqlDataReader row) =>
        new(row.GetDateTime(0), row.GetInt32(1), row.GetInt32(2), row.GetFieldValue<int[]>(3));
}
