using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Http;
using SmsAi.Core.Platform.Scheduling;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Auditing;

/// <summary>Registers the audit trail, its reading, its export, its copy outside and the nightly walk along its chain.</summary>
public static class AuditingServices
{
    public static IServiceCollection AddAuditing(this IServiceCollection services) =>
        services.AddSingleton<AuditTrail>().AddSingleton<AuditReader>().AddSingleton<AuditExport>().AddSingleton<ChainCheck>().AddSingleton<AuditCopies>()
            .AddSingleton<AuditCompareVerb>().AddSingleton(new Verb(AuditCompareVerb.Name, AuditCompareVerb.Usage,
                (provider, args, output, cancel) => provider.GetRequiredService<AuditCompareVerb>().RunAsync(args, output, cancel)));

    public static IServiceCollection AddChainCheck(this IServiceCollection services) =>
        services.AddClusteredJob<ChainCheckJob>("audit-chain", ChainCheckJob.Schedule);

    /// <summary>Copies the trail to where the settings say, if they do.</summary>
    public static IServiceCollection AddAuditCopy(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(AuditCopyOptions.Section);
        services.AddCheckedOptions<AuditCopyOptions>(section, options => options.Faults());
        services.AddOutwardHttp(AuditWebhookSink.Client, longestAnswer: 64 * 1024);
        if (section[nameof(AuditCopyOptions.File)] is { Length: > 0 } file)
            services.AddSingleton<IAuditSink>(new AuditFileSink(file));
        if (section[nameof(AuditCopyOptions.Url)] is { Length: > 0 } url)
        {
            services.AddSingleton<IAuditSink>(provider => new AuditWebhookSink(
                provider.GetRequiredService<IHttpClientFactory>(), new Uri(url), provider.GetRequiredService<IOptions<AuditCopyOptions>>().Value.Key!,
                provider.GetRequiredService<TimeProvider>()));
        }

        return services.AddHostedService<AuditCopy>();
    }
}
