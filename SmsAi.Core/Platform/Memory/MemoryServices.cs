using Microsoft.Extensions.DependencyInjection;

namespace SmsAi.Core.Platform.Memory;

/// <summary>Registers what keeps the program's memory small.</summary>
public static class MemoryServices
{
    public static IServiceCollection AddIdleMemory(this IServiceCollection services) => services.AddHostedService<IdleMemory>();
}
