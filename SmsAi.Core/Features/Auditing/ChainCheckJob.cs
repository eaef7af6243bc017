using System.ComponentModel;
using Quartz;

namespace SmsAi.Core.Features.Auditing;

/// <summary>Walks along the audit trail's chain every night, so that a break is known within a day and heads are kept to compare with.</summary>
[DisallowConcurrentExecution]
[Description("Walks along the audit trail's hash chain and keeps what it found.")]
public sealed class ChainCheckJob(ChainCheck check) : IJob
{
    /// <summary>Forty past three, UTC.</summary>
    public const string Schedule = "0 40 3 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await check.VerifyAsync(Actor.Service, cancellationToken);
}
