using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Database.Identity;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Shell.SecurityHeaders;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Access;

/// <summary>Registers the sign-in, its cookie and the rights; whatever says nothing else is closed.</summary>
public static class AccessWebServices
{
    public static IServiceCollection AddAccessPages(this IServiceCollection services)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddScoped<IUserClaimsPrincipalFactory<Operator>, OperatorClaims>();
        services.AddHttpContextAccessor();
        services.AddScoped<ISecurityStampValidator, SecurityStampValidator<Operator>>();
        services.AddScoped<SignInManager<Operator>>();
        services.AddScoped<AuthenticationStateProvider, OperatorRevalidation>();
        services.AddScoped<OperatorSignIn>();
        services.AddSingleton<SessionUse>();
        services.AddSingleton<SessionWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionWatch>());
        services.AddSingleton<IAuthorizationHandler, OpenSessionHandler>();
        services.AddScoped<StepUpDesk>();
        services.AddScoped<IPasskeyHandler<Operator>, PasskeyHandler<Operator>>();
        services.Configure<IdentityPasskeyOptions>(options =>
        {
            options.UserVerificationRequirement = "required"; // so that a passkey is two factors in one
            options.ResidentKeyRequirement = "required"; // so that signing in asks for no e-mail
        });
        services.AddScoped<PasskeyBrowser>();
        services.AddScoped<AccountDesk>();
        services.AddScoped<AccessDesk>().AddTransient<AccessModel>();
        services.AddPage(new()
        {
            Group = NavigationGroup.System,
            Order = 20,
            Title = "Access",
            Path = "access",
            Icon = IconName.Access,
            Policy = Rights.CanAdminister,
        });
        services.AddSingleton<SignInTickets>();
        services.AddSingleton<SignInGate>();
        services.AddSingleton<AddressThrottle>();
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, SessionCookie>();
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, FormCookie>();
        services.AddOptions<SecurityStampValidatorOptions>().Configure<TimeProvider>((options, time) =>
        {
            options.TimeProvider = time;
            options.ValidationInterval = SessionRules.Recheck;
            options.OnRefreshingPrincipal = context =>
            {
                if (context is { CurrentPrincipal: { } before, NewPrincipal: { } after }) SessionClaims.Carry(before, after);
                return Task.CompletedTask;
            };
        });
        AddRights(services.AddAuthorizationBuilder());
        return services;
    }

    private static void AddRights(AuthorizationBuilder rights)
    {
        foreach (var (right, roles) in Rights.Roles)
        {
            var mayLackFactor = new OpenSession(right == Rights.OwnAccount);
            rights.AddPolicy(right, policy => policy.RequireAuthenticatedUser().RequireRole(roles).AddRequirements(mayLackFactor));
        }

        var anyone = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(Rights.Roles[Rights.OwnAccount])
            .AddRequirements(new OpenSession(MayLackFactor: true)).Build();
        rights.SetFallbackPolicy(anyone).SetDefaultPolicy(anyone);
    }

    /// <summary>The antiforgery cookie follows the session cookie's rules, and never leaves the site at all.</summary>
    private sealed class FormCookie(IOptions<PublicAddress> address) : IConfigureOptions<AntiforgeryOptions>
    {
        public void Configure(AntiforgeryOptions options)
        {
            options.Cookie.Name = address.Value.IsHttps ? "__Host-smsai-form" : "smsai-form";
            options.Cookie.SecurePolicy = address.Value.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.HttpOnly = true;
            options.SuppressXFrameOptionsHeader = true; // frame-ancestors says it, on every answer
        }
    }
}
