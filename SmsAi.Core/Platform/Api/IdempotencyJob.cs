using System.ComponentModel;
using Quartz;

namespace SmsAi.Core.Platform.Api;

/// <summary>Forgets the idempotency keys of yesterday.</summary>
[DisallowConcurrentExecution]
[Description("Forgets the idempotency keys of the API, and what was answered to them, after 24 hours.")]
public sealed class IdempotencyJob(IdempotencyKeys keys) : IJob
{
    /// <summary>Every hour at a quarter to.</summary>
    public const string Schedule = "0 45 * * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await keys.RemoveAsync(cancellationToken);
}
