using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.Settings;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Settings;

/// <summary>One replica as far as settings go: its configuration, its database, and what goes by the settings.</summary>
internal sealed class SettingsHost : IAsyncDisposable
{
    private readonly IHost _host;

    private SettingsHost(IHost host) => _host = host;

    public static Actor Mara { get; } = new("Mara", 7, OperatorRoles.Admin);

    public SettingActs Acts => Get<SettingActs>();

    public IReadOnlyList<SettingView>? Last { get; private set; }

    [SuppressMessage("Reliability", "CA2000", Justification = "The host is disposed with this.")]
    public static async Task<SettingsHost> StartAsync(TestDatabase database, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            [new("ConnectionStrings:Postgres", database.ConnectionString), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))]);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var services = builder.Services;
        services.AddDatabase(builder.Configuration).AddRedis(builder.Configuration).AddLive().AddSettings(builder.Configuration);
        services.AddSingleton(TestKeys.Hasher).AddCheckedSettings(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync();
        return new SettingsHost(host);
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public T Options<T>()
        where T : class => Get<IOptions<T>>().Value;

    public async Task<SettingView> ViewAsync(string key) =>
        (Last = await Get<SettingReader>().ReadAsync(CancellationToken.None)).Single(view => view.Setting.Key == key);

    public Task<SettingOutcome> ChangeAsync(string key, string? value, int version = 0, string reason = "a test", Actor? actor = null) =>
        Acts.ChangeAsync(key, value, version, reason, actor ?? Mara, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}

internal static class SettingsHostServices
{
    /// <summary>What the slices register of their settings, without their work.</summary>
    public static void AddCheckedSettings(this IServiceCollection services, IConfiguration configuration) =>
        services.AddLimits(configuration).AddReplying(configuration)
            .AddOptions<SpendOptions>().Bind(configuration.GetSection(SpendOptions.Section)).ValidateDataAnnotations();
}
