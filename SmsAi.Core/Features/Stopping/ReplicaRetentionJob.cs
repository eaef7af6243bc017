using System.ComponentModel;
using Quartz;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Stopping;

/// <summary>Forgets replicas that stopped for good.</summary>
[DisallowConcurrentExecution]
[Description("Forgets replicas that were not heard for a day; what they acknowledged stays.")]
public sealed class ReplicaRetentionJob(Databases databases) : IJob
{
    /// <summary>Every hour at half past.</summary>
    public const string Schedule = "0 30 * * * ?";

    /// <summary>Until then the System page shows them.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private const int AtOnce = 100;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await RemoveAsync(cancellationToken);

    /// <summary>How many went.</summary>
    internal async Task<int> RemoveAsync(CancellationToken cancel)
    {
        var (all, now) = (0, 0);
        do
        {
            await using var command = databases.Pages.CreateCommand(StoppingSql.DropReplicas);
            command.Parameters.Add(new() { Value = Kept });
            command.Parameters.Add(new() { Value = AtOnce });
            all += now = await command.ExecuteNonQueryAsync(cancel);
        }
        while (now >= AtOnce);
        return all;
    }
}
