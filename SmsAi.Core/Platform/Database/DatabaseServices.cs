using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Core.Platform.Database;

/// <summary>Registers the pools, the schema check and what else the database slice offers.</summary>
public static class DatabaseServices
{
    public static IServiceCollection AddDatabase(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DatabaseOptions>().Bind(configuration.GetSection(DatabaseOptions.Section));
        services.AddSettingsFaults(DatabaseSettings.Faults);
        services.AddSingleton(provider => new Databases(
            PostgresAddress.Of(configuration) ?? throw new InvalidOperationException($"{PostgresAddress.Key} is not set."),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => new MigrationRunner(
            PostgresAddress.OfMigrations(configuration) ?? throw new InvalidOperationException($"{PostgresAddress.Key} is not set."),
            MigrationSet.Embedded(),
            provider.GetRequiredService<IHostEnvironment>().IsProduction(),
            provider.GetRequiredService<ILogger<MigrationRunner>>()));
        services.AddSingleton(provider => new Schema(
            provider.GetRequiredService<MigrationRunner>(),
            configuration.GetSection(DatabaseOptions.Section).GetValue<bool>(nameof(DatabaseOptions.MigrateOnStart)),
            provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<ILogger<Schema>>()));
        services.AddDbContextFactory<SmsAiDb>((provider, options) => options.UseNpgsql(provider.GetRequiredService<Databases>().Pages));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Partitions>();
        services.AddClusteredJob<PartitionJob>("partitions", PartitionJob.Schedule, atStart: true);
        services.AddHostedService(provider => provider.GetRequiredService<Schema>());
        services.AddSingleton<DatabasePulse>().AddHostedService(provider => provider.GetRequiredService<DatabasePulse>());
        return services;
    }
}
