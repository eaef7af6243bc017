using System.ComponentModel;
using Quartz;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>Sweeps once a minute, on one replica.</summary>
[DisallowConcurrentExecution]
[Description("Takes in what the carrier has and no webhook brought: texts of the time we were away.")]
internal sealed class InboundSweepJob(InboundSweep sweep) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await sweep.RunOnceAsync(cancellationToken);
}
