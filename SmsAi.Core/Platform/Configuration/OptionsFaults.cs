using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SmsAi.Core.Platform.Configuration;

/// <summary>Lets options say everything that is wrong with them, at start and all at once.</summary>
public static class OptionsFaults
{
    /// <summary>Stops the program's start when these options have faults, with all their sentences.</summary>
    public static OptionsBuilder<TOptions> Refuse<TOptions>(this OptionsBuilder<TOptions> builder, Func<TOptions, IEnumerable<string>> faults)
        where TOptions : class
    {
        builder.Services.AddSingleton<IValidateOptions<TOptions>>(new Check<TOptions>(faults));
        return builder.ValidateOnStart();
    }

    private sealed class Check<TOptions>(Func<TOptions, IEnumerable<string>> faults) : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            faults(options).ToList() is [_, ..] found ? ValidateOptionsResult.Fail(found) : ValidateOptionsResult.Success;
    }
}
