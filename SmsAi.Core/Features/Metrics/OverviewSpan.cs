namespace SmsAi.Core.Features.Metrics;

/// <summary>How far back the Overview's pictures reach. Days are UTC days.</summary>
public enum OverviewReach
{
    Hour, Today, Week,
}

/// <summary>What the Overview's pictures show: a time up to now, in steps of one length.</summary>
public sealed record OverviewSpan
{
    public required OverviewReach Reach { get; init; }

    public required TimeSpan Step { get; init; }

    /// <summary>Oldest first, the running one last; one without texts has zeros.</summary>
    public required IReadOnlyList<OverviewStep> Steps { get; init; }

    /// <summary>When something was stopped within these steps.</summary>
    public required IReadOnlyList<StopBand> Bands { get; init; }

    /// <summary>Milliseconds from a text's arrival to the carrier's acceptance of its answer, over the whole span; null without answers.</summary>
    public int? AnswerP50 { get; init; }

    public int? AnswerP95 { get; init; }

    /// <summary>Where the span begins, and its step. A day that is young has short steps, so that its picture is one.</summary>
    internal static (DateTime From, TimeSpan Step) Bounds(OverviewReach reach, DateTime now)
    {
        if (reach == OverviewReach.Today)
            return (now.Date, TimeSpan.FromMinutes((now - now.Date).TotalHours switch { < 4 => 5, < 12 => 15, _ => 30 }));
        var (step, count) = reach == OverviewReach.Hour ? (TimeSpan.FromMinutes(1), 60) : (TimeSpan.FromHours(3), 56);
        return (Floor(now, step) - (count - 1) * step, step);
    }

    internal static DateTime Floor(DateTime at, TimeSpan step) => new(at.Ticks - at.Ticks % step.Ticks, DateTimeKind.Utc);
}

/// <summary>One step of the pictures.</summary>
public sealed record OverviewStep(DateTimeOffset At, int In, int Out, int? P50, int? P95);
