using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Configuration;

namespace SmsAi.Core.Features.Settings;

/// <summary>Looks at a value before it is in force, with the same checks as at start.</summary>
public sealed class SettingCheck(IConfiguration configuration, IServiceProvider services)
{
    public const int LongestValue = 8_000;

    /// <summary>What is wrong with a live setting's value, or null.</summary>
    public string? FaultOf(Setting setting, string value)
    {
        if (setting.Options is not { } type || !setting.IsLive)
            return $"{setting.Key} can't be changed while the service runs. Set it in the environment or a file, and restart.";
        if (value.Length > LongestValue)
            return $"{setting.Key} is longer than 8,000 characters.";
        if (string.IsNullOrWhiteSpace(value))
            return $"{setting.Key} must not be empty. To take the console's value away, use Put back.";
        var section = new ConfigurationBuilder().AddConfiguration(configuration).AddInMemoryCollection([new(setting.Key, value)]).Build().GetSection(setting.Section);
        if (UnreadableValues.Of(type, section).Where(found => found.Key.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)).Select(found => found.Fault).FirstOrDefault() is { } unreadable)
            return unreadable;
        var bound = Activator.CreateInstance(type)!;
        section.Bind(bound);
        // Its neighbours were looked at when they came into force.
        return Validated(type, bound).Concat(SettingsClasses.Annotations(bound, setting.Section)).FirstOrDefault(fault => fault.Contains(setting.Key, StringComparison.OrdinalIgnoreCase));
    }

    private IEnumerable<string> Validated(Type type, object bound)
    {
        var kind = typeof(IValidateOptions<>).MakeGenericType(type);
        var validate = kind.GetMethod(nameof(IValidateOptions<object>.Validate))!;
        var validators = (IEnumerable<object>)(services.GetService(typeof(IEnumerable<>).MakeGenericType(kind)) ?? Array.Empty<object>());
        return validators.SelectMany(validator => ((ValidateOptionsResult)validate.Invoke(validator, [Options.DefaultName, bound])!).Failures ?? []);
    }
}
