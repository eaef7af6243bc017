using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Configuration;

namespace SmsAi.Core.Features.Settings;

/// <summary>Registers the settings' catalogue, their changing, and what brings changes into force on every replica.</summary>
public static class SettingsServices
{
    /// <summary>Call it right after the database's, so that changed settings are in force before anything works by them.</summary>
    /// <param name="others">Assemblies beside this one that have settings.</param>
    public static IServiceCollection AddSettings(this IServiceCollection services, IConfigurationBuilder configuration, params IEnumerable<Assembly> others)
    {
        var (console, catalogue) = (new ConsoleSettings(), new SettingCatalogue(others.Prepend(typeof(SettingsServices).Assembly)));
        configuration.Add(console);
        services.AddSingleton(console).AddSingleton(catalogue);
        foreach (var options in catalogue.All.Where(setting => setting.IsLive).Select(setting => setting.Options!).Distinct())
            services.AddSingleton(typeof(IOptions<>).MakeGenericType(options), typeof(LiveOptions<>).MakeGenericType(options));
        services.AddSingleton<SettingCheck>().AddSingleton<SettingReader>().AddSingleton<SettingActs>();
        return services.AddHostedService<SettingWatch>();
    }
}
