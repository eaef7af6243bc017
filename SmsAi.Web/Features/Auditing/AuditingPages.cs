using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Auditing;

/// <summary>Brings in the audit trail's page.</summary>
public static class AuditingPages
{
    public static IServiceCollection AddAuditPage(this IServiceCollection services) => services.AddTransient<AuditModel>().AddSingleton<Denials>().AddScoped<ActingOperator>().AddPage(new NavigationItem
    {
        Group = NavigationGroup.Safety,
        Order = 30,
        Title = "Audit trail",
        Path = "audit",
        Icon = IconName.Audit,
        Key = "a",
        Policy = Rights.CanReadAudit,
    });
}
