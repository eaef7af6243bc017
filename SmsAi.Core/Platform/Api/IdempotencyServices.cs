using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Core.Platform.Api;

/// <summary>Registers the memory of acts that came with a key, and the job that empties it.</summary>
public static class IdempotencyServices
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services) =>
        services.AddSingleton<IdempotencyKeys>().AddClusteredJob<IdempotencyJob>("idempotency-retention", IdempotencyJob.Schedule);
}
