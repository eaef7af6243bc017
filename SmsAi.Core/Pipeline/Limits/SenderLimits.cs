using System.Globalization;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>
/// Counts each text about to be answered against its person's tier and against the loop guard, both in one round trip to Redis; while Redis
/// is away, in memory with this replica's share of the limits.
/// </summary>
public sealed class SenderLimits(TierLimits tiers, LoopGuard loops, RedisConnection redis, IServiceProvider services, TimeProvider clock)
{
}
