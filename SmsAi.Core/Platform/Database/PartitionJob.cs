using System.ComponentModel;
using Quartz;

namespace SmsAi.Core.Platform.Database;

/// <summary>Makes the coming months' partitions, at start and daily.</summary>
[DisallowConcurrentExecution]
[Description("Makes the coming months' partitions of texts and search terms, and says when texts had none.")]
public sealed class PartitionJob(Partitions partitions) : IJob
{
    /// <summary>Ten past midnight UTC.</summary>
    public const string Schedule = "0 10 0 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await partitions.EnsureAsync(cancellationToken);
}
