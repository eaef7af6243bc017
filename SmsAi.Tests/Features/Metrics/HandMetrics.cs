using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>The pieces of the figures, put together for a test.</summary>
static class HandMetrics
{
    public static MetricsReader Reader(TestDatabase database, decimal? perDay = null, LiveCounters? counters = null) => new(
        Options.Create(new SpendOptions { PerDayUsd = perDay }), HandLedger.Live(database.Databases),
        counters ?? Counters(database, new RedisConnection(null)));

    public static LiveCounters Counters(TestDatabase database, RedisConnection redis, TimeProvider? clock = null) =>
        new(database.Databases, redis, clock ?? TimeProvider.System, NullLogger<LiveCounters>.Instance);
}

/// <summary>A clock that stands where it is put.</summary>
sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
