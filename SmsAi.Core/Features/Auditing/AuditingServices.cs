using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Core.Features.Auditing;

/// <summary>Registers the audit trail, its reading, its export and the nightly walk along its chain.</summary>
public static class AuditingServices
{
    public static IServiceCollection AddAuditing(this IServiceCollection services) =>
        services.AddSingleton<AuditTrail>().AddSingleton<AuditReader>().AddSingleton<AuditExport>().AddSingleton<ChainCheck>();

    public static IServiceCollection AddChainCheck(this IServiceCollection services) =>
        services.AddClusteredJob<ChainCheckJob>("audit-chain", ChainCheckJob.Schedule);
}
