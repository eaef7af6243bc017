namespace SmsAi.Web.Features.Health;

/// <summary>Registers what the health endpoints need beside the system check.</summary>
public static class HealthRegistration
{
    public static IServiceCollection AddHealth(this IServiceCollection services) =>
        services.AddSingleton<HealthAccess>().AddSingleton<DatabaseFigures>();
}
