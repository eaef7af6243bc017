using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Web.Features.Access;

/// <summary>
/// Ends open screens whose session was ended, within seconds; and each half minute those whose operator was disabled, changed her password, lost a
/// role, went idle or has been in for 12 hours.
/// </summary>
internal sealed class OperatorRevalidation : RevalidatingServerAuthenticationStateProvider
{
    private static readonly TimeSpan OwnWayOut = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationToken _leaving;
    private readonly IServiceScopeFactory _scopes;
    private readonly SessionUse _use;
    private readonly SessionWatch _watch;
    private readonly TimeProvider _time;
    private readonly IOptions<IdentityOptions> _options;

    /// <summary>Stands for the last use of whose browser never told of one.</summary>
    private readonly DateTimeOffset _opened;

    public OperatorRevalidation(
        ILoggerFactory logs, IServiceScopeFactory scopes, SessionUse use, SessionWatch watch, TimeProvider time, IOptions<IdentityOptions> options)
        : base(logs)
    {
        (_scopes, _use, _watch, _time, _options) = (scopes, use, watch, time, options);
        _leaving = _gone.Token;
        _opened = time.GetUtcNow();
        _watch.Ended += Leave;
    }

    protected override TimeSpan RevalidationInterval => SessionRules.Recheck;

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        MayStayAsync(authenticationState.User);

    /// <summary>Whether the screen stays open.</summary>
    internal async Task<bool> MayStayAsync(ClaimsPrincipal person)
    {
        if (person.Identity?.IsAuthenticated != true) return true;
        var session = SessionClaims.IdOf(person);
        if (session is null || SessionRules.IsOver(SessionClaims.BeganAt(person), _use.LastOf(session) ?? _opened, _time.GetUtcNow())) return false;
        if (_watch.StandingOf(person) == SessionStanding.Ended) return false;
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            var operators = scope.ServiceProvider.GetRequiredService<UserManager<Operator>>();
            var account = await operators.GetUserAsync(person);
            var stampClaim = _options.Value.ClaimsIdentity.SecurityStampClaimType;
            return account is { IsDisabled: false } && person.HasClaim(stampClaim, await operators.GetSecurityStampAsync(account));
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException || fault.InnerException is NpgsqlException)
        {
            // The database is away. Screens stay, so that they can say so; commands ask the database themselves.
            return true;
        }
    }

    protected override void Dispose(bool disposing)
    {
        _watch.Ended -= Leave;
        if (disposing)
        {
            _gone.Cancel();
            _gone.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Leave(string session) => _ = LeaveAsync(session, _leaving);

    /// <summary>A browser that signs out itself is on its way already, and can't be sent away as well; it gets a moment to be gone.</summary>
    private async Task LeaveAsync(string session, CancellationToken gone)
    {
        try
        {
            if (SessionClaims.IdOf((await GetAuthenticationStateAsync()).User) != session) return;
            await Task.Delay(OwnWayOut, _time, gone);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
    }
}
