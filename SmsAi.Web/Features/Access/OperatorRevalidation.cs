using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Web.Features.Access;

/// <summary>Ends open screens whose operator was disabled, changed her password, lost a role, went idle or has been in for 12 hours.</summary>
internal sealed class OperatorRevalidation(
    ILoggerFactory logs, IServiceScopeFactory scopes, SessionUse use, TimeProvider time, IOptions<IdentityOptions> options)
    : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => SessionRules.Recheck;

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        var person = authenticationState.User;
        if (person.Identity?.IsAuthenticated != true) return true;
        if (SessionRules.IsOver(SessionClaims.BeganAt(person), use.LastOf(SessionClaims.IdOf(person)), time.GetUtcNow())) return false;
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var operators = scope.ServiceProvider.GetRequiredService<UserManager<Operator>>();
            var account = await operators.GetUserAsync(person);
            var stampClaim = options.Value.ClaimsIdentity.SecurityStampClaimType;
            return account is { IsDisabled: false } && person.HasClaim(stampClaim, await operators.GetSecurityStampAsync(account));
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException || fault.InnerException is NpgsqlException)
        {
            // The database is away. Screens stay, so that they can say so; commands ask the database themselves.
            return true;
        }
    }
}
