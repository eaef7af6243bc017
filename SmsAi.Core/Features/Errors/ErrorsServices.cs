using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Core.Features.Errors;

/// <summary>Registers the list of errors, the acts on them, their count and their retention.</summary>
public static class ErrorsServices
{
    public static IServiceCollection AddErrors(this IServiceCollection services)
    {
        services.AddSingleton<ErrorList>().AddSingleton<ErrorActs>().AddSingleton<LogRetention>();
        services.AddSingleton<OpenErrors>().AddHostedService(provider => provider.GetRequiredService<OpenErrors>());
        return services.AddClusteredJob<LogRetentionJob>("log-retention", LogRetentionJob.Schedule);
    }
}
