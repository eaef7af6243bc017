using SmsAi.Core.Features.SystemCheck;

namespace SmsAi.Web.Features.SystemCheck;

/// <summary>The services, the replicas and the database as they are now.</summary>
public sealed class SystemModel(SystemReader reader)
{
    /// <summary>Null before the first reading.</summary>
    public SystemSnapshot? Now { get; private set; }

    public int ServicesUp => Now?.Services.Count(service => service.State == ServiceState.Up) ?? 0;

    /// <summary>Those that are configured.</summary>
    public int ServicesWanted => Now?.Services.Count(service => service.State != ServiceState.Off) ?? 0;

    /// <summary>The fullest disk of all replicas; null before one said anything.</summary>
    public ReplicaFigures? FullestDisk => Now?.Replicas.Where(replica => replica.IsThere || replica.IsMissedAt(Now.At)).Select(replica => replica.Figures).OfType<ReplicaFigures>()
        .Where(figures => figures.DiskBytes > 0).MinBy(figures => (double)figures.DiskFreeBytes!.Value / figures.DiskBytes!.Value);

    public async Task LoadAsync(CancellationToken cancel) => Now = await reader.ReadAsync(cancel);
}
