using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Npgsql;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Settings;

/// <summary>Reads every setting with the value in force on this replica and where it comes from, and one setting's history.</summary>
public sealed class SettingReader(Databases databases, SettingCatalogue catalogue, IConfiguration configuration)
{
    public const int MostChanges = 50;

    public async Task<IReadOnlyList<SettingView>> ReadAsync(CancellationToken cancel)
    {
        var rows = new Dictionary<string, SettingChange>(StringComparer.OrdinalIgnoreCase);
        await using var command = databases.Pages.CreateCommand(SettingSql.All);
        command.Parameters.Add(new() { Value = catalogue.All.Where(setting => setting.IsLive).Select(setting => setting.Key).ToArray() });
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            while (await row.ReadAsync(cancel))
                rows[row.GetString(0)] = new(row.GetInt32(2), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4), null, row.IsDBNull(1) ? null : row.GetString(1));
        }

        return [.. catalogue.All.Concat(LimitKeys()).Select(setting => View(setting, rows.GetValueOrDefault(setting.Key)))];
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<SettingChange>> HistoryAsync(string key, CancellationToken cancel)
    {
        await using var command = databases.Pages.CreateCommand(SettingSql.History);
        command.Parameters.Add(new() { Value = key });
        command.Parameters.Add(new() { Value = MostChanges });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var changes = new List<SettingChange>();
        while (await row.ReadAsync(cancel)) changes.Add(Change(row));
        return changes;
    }

    /// <summary>What would hold without the console's value; null when nothing would.</summary>
    public string? WithoutConsole(Setting setting) => Provided(setting).Value ?? setting.Default;

    internal static SettingChange Change(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4));

    private SettingView View(Setting setting, SettingChange? row)
    {
        var (value, source, name) = row?.Value is { } said ? (said, SettingSource.Console, "Console") : Provided(setting);
        var shown = value ?? setting.Default;
        return new(setting, setting.IsSecret ? null : shown, shown is { Length: > 0 }, source, name, row?.Version ?? 0, row?.By, row?.At);
    }

    /// <summary>Tiers are named by whoever runs the service, so these keys are known only once they are set.</summary>
    private IEnumerable<Setting> LimitKeys() => configuration.GetSection("Limits").GetChildren().SelectMany(tier => tier.GetChildren()).Where(key => key.Value is { Length: > 0 })
        .Select(key => new Setting(key.Path, "Answers", "Wins over what the page Tiers says, until it is removed.", "0 (off) or a whole number", SettingKind.Whole, null, false, false, null));

    private (string? Value, SettingSource Source, string Name) Provided(Setting setting)
    {
        if (configuration is IConfigurationRoot root)
        {
            foreach (var provider in root.Providers.Reverse().Where(provider => provider is not ConsoleSettings))
            {
                if (ValueIn(provider, setting) is { Length: > 0 } value)
                    return Named(provider, setting, value);
            }
        }

        return (null, SettingSource.Default, "Default");
    }

    private static string? ValueIn(IConfigurationProvider provider, Setting setting)
    {
        if (provider.TryGet(setting.Key, out var value) && value is { Length: > 0 })
            return value;
        // Lists stand under numbers.
        var parts = new List<string>();
        for (var index = 0; setting.Kind is SettingKind.List or SettingKind.Text && parts.Count == index && provider.TryGet($"{setting.Key}:{index}", out var part); index++)
        {
            if (part is { Length: > 0 }) parts.Add(part);
        }

        return parts.Count > 0 ? string.Join(", ", parts) : null;
    }

    private (string? Value, SettingSource Source, string Name) Named(IConfigurationProvider provider, Setting setting, string value) => provider switch
    {
        JsonConfigurationProvider { Source.Path: { } path } => (value, SettingSource.File, Path.GetFileName(path)),
        EnvironmentVariablesConfigurationProvider => (value, SettingSource.Environment, "Environment"),
        CommandLineConfigurationProvider => (value, SettingSource.Program, "Command line"),
        _ when SettingAliases.UsedFor(configuration, setting.Key) is { } alias => (value, SettingSource.Environment, alias),
        ChainedConfigurationProvider => (value, SettingSource.Environment, "Environment"),
        _ => (value, SettingSource.Program, "The service itself"),
    };
}
