using System.ComponentModel;
using Quartz;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Jobs;

/// <summary>Forgets old runs of jobs.</summary>
[DisallowConcurrentExecution]
[Description("Forgets runs of jobs: those that succeeded by the schedule after a week, the others after 90 days.")]
public sealed class JobRunRetentionJob(Databases databases, TimeProvider clock) : IJob
{
    /// <summary>Twenty past three, UTC.</summary>
    public const string Schedule = "0 20 3 * * ?";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await RemoveAsync(cancellationToken);

    internal async Task<int> RemoveAsync(CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(JobSql.Drop);
        command.Parameters.Add(new() { Value = clock.GetUtcNow().UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancel);
    }
}
