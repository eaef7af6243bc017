using System.ComponentModel;
using Quartz;

namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>Lets one replica at a time ask about unreported texts.</summary>
[DisallowConcurrentExecution]
[Description("Asks the carrier about texts whose delivery report never came.")]
internal sealed class ReceiptPollJob(ReceiptPoll poll) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await poll.RunOnceAsync(cancellationToken);
}
