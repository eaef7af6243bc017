using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SmsAi.Core.Platform.Configuration;

/// <summary>Settings that say themselves what is wrong with them; wrong ones stop the start, all faults at once.</summary>
public static class CheckedOptions
{
    /// <summary>Binds a section, and checks it at start.</summary>
    public static OptionsBuilder<TOptions> AddCheckedOptions<TOptions>(
        this IServiceCollection services, IConfiguration section, Func<TOptions, IEnumerable<string>> faults)
        where TOptions : class
    {
        services.AddSingleton<IValidateOptions<TOptions>>(new Check<TOptions>(faults));
        return services.AddOptions<TOptions>().Bind(section).ValidateOnStart();
    }

    private sealed class Check<TOptions>(Func<TOptions, IEnumerable<string>> faults) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            faults(options).ToList() is [_, ..] found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }
}
