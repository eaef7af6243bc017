using SmsAi.Core.Features.Metrics;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>Snapshots of the Overview written by hand.</summary>
internal static class OverviewSamples
{
    internal static DateTimeOffset Now { get; } = new(2026, 3, 1, 14, 32, 7, TimeSpan.Zero);

    internal static OverviewSnapshot Quiet { get; } = new()
    {
        At = Now,
        Today = new DayFigures(0, 0, 0, 0, 0, 0, 0, 0, null),
        Now = new MinuteRate(0, 0, 0, null),
        Queue = new QueueFigures(0, null, 0, null),
        Hour = new OverviewSpan
        {
            Reach = OverviewReach.Hour,
            Step = TimeSpan.FromMinutes(1),
            Steps = [.. Enumerable.Range(0, 60).Select(minute => new OverviewStep(Minute(minute), 0, 0, null, null))],
            Bands = [],
        },
        NeedsYou = [],
        Tail = [],
    };

    internal static OverviewSnapshot Busy { get; } = Quiet with
    {
        Today = new DayFigures(4218, 3980, 4094, 3981, 12, 1306, 20_000_000, 21_270_000, 60_000_000),
        Now = new MinuteRate(43, 41, 88, new DateTimeOffset(2026, 3, 1, 9, 12, 0, TimeSpan.Zero)),
        Hour = Quiet.Hour with { AnswerP50 = 1400, AnswerP95 = 2800 },
        Queue = new QueueFigures(6, TimeSpan.FromSeconds(0.8), 0, null),
    };

    /// <summary>The minute of the chart, 0 the oldest and 59 the running one.</summary>
    internal static DateTimeOffset Minute(int index) => new DateTimeOffset(2026, 3, 1, 13, 33, 0, TimeSpan.Zero).AddMinutes(index);

    internal static TailRow Row(long id, string state = "delivered", int length = 40) => new()
    {
        Id = id,
        At = Now.AddSeconds(-id),
        IsInbound = false,
        UserId = 1,
        ConversationId = 1,
        Alias = $"amber-otter-{id}",
        Tail = "67",
        Kind = "Coding",
        State = state,
        AnswerMilliseconds = 1400,
        CostMicros = 12_100,
        Length = length,
    };
}
