using Quartz;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>Sweeps once a minute, on one replica.</summary>
[DisallowConcurrentExecution]
internal sealed class InboundSweepJob(InboundSweep sweep) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await sweep.RunOnceAsync(cancellationToken);
}
