using System.ComponentModel;
using Quartz;

namespace SmsAi.Core.Features.Errors;

/// <summary>Removes errors and lines of the webhook log after their 90 days, every night.</summary>
[DisallowConcurrentExecution]
[Description("Removes errors and lines of the webhook log after 90 days.")]
public sealed class LogRetentionJob(LogRetention retention) : IJob
{
    /// <summary>Ten past three, UTC.</summary>
    public const string Schedule = "0 10 3 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await retention.RemoveAsync(cancellationToken);
}
