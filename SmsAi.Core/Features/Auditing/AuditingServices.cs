using Microsoft.Extensions.DependencyInjection;

namespace SmsAi.Core.Features.Auditing;

/// <summary>Registers the audit trail.</summary>
public static class AuditingServices
{
    public static IServiceCollection AddAuditing(this IServiceCollection services) => services.AddSingleton<AuditTrail>();
}
