using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SmsAi.Core.Platform.Configuration;

/// <summary>A slice's own look at the settings: each fault a sentence that names its key and never shows a secret.</summary>
public delegate IEnumerable<string> SettingsFaults(IConfiguration configuration, IHostEnvironment environment);

/// <summary>
/// Finds every wrong or missing setting before anything starts, so that a person mends them all at once.
/// It looks at each class with a <c>Section</c> constant (can its values be read, do its annotations and validators agree)
/// and at what slices add by <see cref="AddSettingsFaults"/>.
/// </summary>
public static class SettingsCheck
{
    /// <summary>What the program ends with when settings are wrong.</summary>
    public const int ExitCode = 2;

    public static IServiceCollection AddSettingsFaults(this IServiceCollection services, SettingsFaults faults) => services.AddSingleton(faults);

    /// <summary>True when all is well; otherwise every fault is written, one a line.</summary>
    public static bool Passes(IServiceProvider services, TextWriter output, params IEnumerable<Assembly> others)
    {
        var faults = Faults(services, others);
        if (faults.Count == 0) return true;
        output.WriteLine(faults.Count == 1 ? "SmsAi can't start; one setting is wrong:" : $"SmsAi can't start; {faults.Count} settings are wrong:");
        foreach (var fault in faults) output.WriteLine("  " + fault);
        return false;
    }

    public static IReadOnlyList<string> Faults(IServiceProvider services, params IEnumerable<Assembly> others)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var environment = services.GetRequiredService<IHostEnvironment>();
        var faults = new List<string>();
        foreach (var (type, section) in SettingsClasses.In(others.Prepend(typeof(SettingsCheck).Assembly)))
        {
            var unreadable = UnreadableValues.Of(type, configuration.GetSection(section)).ToList();
            faults.AddRange(unreadable.Select(found => found.Fault));
            faults.AddRange(unreadable.Count > 0 ? ValidateTheRest(services, type, section, [.. unreadable.Select(found => found.Key)]) : Validate(services, type, section));
        }
        faults.AddRange(services.GetServices<SettingsFaults>().SelectMany(look => look(configuration, environment)));
        return [.. faults.Distinct().Select(fault => WithAlias(configuration, fault))];
    }

    static IEnumerable<string> Validate(IServiceProvider services, Type type, string section)
    {
        try
        {
            var options = (IOptions<object>)services.GetRequiredService(typeof(IOptions<>).MakeGenericType(type));
            return SettingsClasses.Annotations(options.Value, section);
        }
        catch (OptionsValidationException fault)
        {
            var bound = Activator.CreateInstance(type)!;
            services.GetRequiredService<IConfiguration>().GetSection(section).Bind(bound);
            return Told(fault.Failures, bound, section);
        }
    }

    /// <summary>One value that can't be read must not hide what is wrong with its neighbours.</summary>
    static IEnumerable<string> ValidateTheRest(IServiceProvider services, Type type, string section, string[] unreadable)
    {
        var readable = services.GetRequiredService<IConfiguration>().GetSection(section).AsEnumerable()
            .Where(setting => !unreadable.Contains(setting.Key, StringComparer.OrdinalIgnoreCase));
        var bound = Activator.CreateInstance(type)!;
        new ConfigurationBuilder().AddInMemoryCollection(readable).Build().GetSection(section).Bind(bound);
        var kind = typeof(IValidateOptions<>).MakeGenericType(type);
        var validate = kind.GetMethod(nameof(IValidateOptions<object>.Validate))!;
        var failures = services.GetServices(kind).Select(validator => (ValidateOptionsResult)validate.Invoke(validator, [Options.DefaultName, bound])!)
            .SelectMany(result => result.Failures ?? []);
        return Told(failures, bound, section);
    }

    static IEnumerable<string> Told(IEnumerable<string> failures, object bound, string section) => failures
        .Where(failure => !failure.StartsWith("DataAnnotation validation failed", StringComparison.Ordinal))
        .Select(failure => failure.Contains(section, StringComparison.Ordinal) ? failure : $"{section}: {failure}")
        .Concat(SettingsClasses.Annotations(bound, section));

    static string WithAlias(IConfiguration configuration, string fault)
    {
        var used = SettingAliases.Names.Values.Distinct().Where(key => fault.Contains(key, StringComparison.Ordinal))
            .Select(key => SettingAliases.UsedFor(configuration, key)).FirstOrDefault(name => name is not null);
        return used is null ? fault : $"{fault} (given as {used})";
    }
}
