using Quartz;

namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>Lets one replica at a time ask about unreported texts.</summary>
[DisallowConcurrentExecution]
internal sealed class ReceiptPollJob(ReceiptPoll poll) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await poll.RunOnceAsync(cancellationToken);
}
