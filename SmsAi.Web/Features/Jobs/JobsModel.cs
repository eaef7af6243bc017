using SmsAi.Core.Features.Jobs;

namespace SmsAi.Web.Features.Jobs;

/// <summary>All jobs as they are now.</summary>
public sealed class JobsModel(JobList list)
{
    /// <summary>Null before the first reading.</summary>
    public IReadOnlyList<JobView>? Jobs { get; private set; }

    public async Task LoadAsync(CancellationToken cancel) => Jobs = await list.ReadAsync(cancel);
}
