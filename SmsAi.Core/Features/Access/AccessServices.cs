using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Access.KeyRing;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Database.Identity;
using SmsAi.Core.Platform.Http;
using SmsAi.Core.Platform.Starting;

namespace SmsAi.Core.Features.Access;

/// <summary>Registers operators, their passwords, the first owner and the keys behind cookies.</summary>
public static class AccessServices
{
    /// <summary>The documents ask for more rounds than the framework's default.</summary>
    public const int PasswordRounds = 210_000;

    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AdminOptions>().Bind(configuration.GetSection(AdminOptions.Section)).ValidateOnStart();
        services.AddCheckedOptions<AccessOptions>(configuration.GetSection(AccessOptions.Section), options => options.Faults());
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>();
        services.AddIdentityCore<Operator>(Configure).AddRoles<OperatorRole>().AddEntityFrameworkStores<SmsAiDb>()
            .AddUserStore<OperatorStore>().AddPasswordValidator<OperatorPasswordValidator>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordRounds);
        services.AddKeyRing();
        services.TryAddSingleton<ListenAddress>();
        services.AddSingleton<SetUpLinks>();
        services.AddSingleton<SignInTries>();
        services.AddSingleton<UnknownTries>();
        services.AddSingleton<OperatorSessions>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<OperatorPasswords>();
        services.AddSingleton<OwnAccount>();
        services.AddSingleton<Passkeys>();
        services.AddSingleton<AccessAudit>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<FactorVerb>();
        services.AddSingleton(new Verb("reset-factor", "reset-factor <e-mail>",
            (provider, args, output, cancel) => provider.GetRequiredService<FactorVerb>().RunAsync(args, output, cancel)));
        services.AddScoped<FirstOwner>();
        services.AddScoped<Joining>();
        services.AddSingleton(new SetUpAddress(Uri.TryCreate(configuration["Twilio:PublicBaseUrl"], UriKind.Absolute, out var url) ? url : null));
        services.AddHostedService<FirstOwnerAtStart>();
        return services;
    }

    private static void Configure(IdentityOptions options)
    {
        options.User.RequireUniqueEmail = true;
        options.User.AllowedUserNameCharacters = ""; // user names are e-mail addresses, checked as such
        options.Password.RequiredLength = PasswordRules.Shortest;
        options.Password.RequireDigit = options.Password.RequireLowercase = options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
        options.Password.RequiredUniqueChars = 1;
    }
}
