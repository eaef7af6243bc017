using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Queueing;

namespace SmsAi.Core.Pipeline.Limits;

/// <summary>An answer that comes much later than its question is worse than none: such texts are left to people.</summary>
public sealed class Staleness(IOptions<StalenessOptions> options)
{
    public const string Why = "too_old";

    public Refusal? Check(Turn turn) =>
        turn.Age > options.Value.MaxAge ? new Refusal("stale", Why) : null;
}
