using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Api;
using SmsAi.Web.Platform.Shell.SecurityHeaders;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>Knows a caller by its key (X-Api-Key or Bearer) or by the token the key was exchanged for; who only looks may also come with a browser's session.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder, ApiKeyCheck keys, AccessTokens tokens, WrongKeys wrong,
    Denials denials, KeyLimits limits, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string KeyHeader = "X-Api-Key";

    private const string Bearer = "Bearer ";

    private string _refusal = $"Send a key in the header {KeyHeader}, or a key or token as Authorization: Bearer. The verb apikey makes keys.";
    private TimeSpan? _wait;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var (key, authorization) = (Request.Headers[KeyHeader], Request.Headers.Authorization);
        if (key.Count + authorization.Count == 0)
            return await OfSessionAsync();
        if (key.Count + authorization.Count > 1)
            return Refuse($"Send one credential: {KeyHeader} or Authorization.");
        if (authorization.Count == 1 && !authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Refuse("Authorization must begin with Bearer.");
        var credential = (key.Count == 1 ? key.ToString() : authorization.ToString()[Bearer.Length..]).Trim();
        var address = Context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (wrong.WaitFor(address, credential) is { } wait)
        {
            _wait = wait;
            return Refuse($"Too many wrong keys came from this address. Wait {Math.Ceiling(wait.TotalMinutes).ToString(CultureInfo.InvariantCulture)} min.");
        }

        var found = await FindAsync(credential, isKey: key.Count == 1);
        if (found is null || found.StateAt(clock.GetUtcNow()) is var state && state is not (ApiKeyState.Active or ApiKeyState.Replaced))
        {
            wrong.NoteWrong(address, credential);
            return Refuse(found is null ? "This key or token is not known, or the token is over: a token lives 10 minutes." : Words(found));
        }

        wrong.NoteRight(credential);
        if (await limits.CountAsync(found.Id, Context.RequestAborted) is { } use && IsOver(use))
            return Refuse($"This key has made its {use.Limit.ToString(CultureInfo.InvariantCulture)} requests of a minute. Wait {Seconds(use.Resets)} s.");
        return AuthenticateResult.Success(new AuthenticationTicket(CallerOf(found), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (!ApiDoor.IsApi(Context) && Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            await Context.ChallengeAsync(IdentityConstants.ApplicationScheme, properties);
            return;
        }

        if (_wait is { } wait)
        {
            Response.Headers.RetryAfter = Seconds(wait);
            await ApiProblem.Of(StatusCodes.Status429TooManyRequests, _refusal).ExecuteAsync(Context);
            return;
        }

        Response.Headers.WWWAuthenticate = """Bearer realm="smsai", error="invalid_token" """.TrimEnd();
        await ApiProblem.Of(StatusCodes.Status401Unauthorized, _refusal).ExecuteAsync(Context);
    }

    protected override async Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var need = Context.GetEndpoint()?.Metadata.GetMetadata<ApiNeed>();
        await denials.NoteAsync("api", Context);
        var words = need is null ? "This key may not do that." : $"This needs a key of role {string.Join(", ", Rights.Roles[need.Right])} with the scope {need.Scope}.";
        await ApiProblem.Of(StatusCodes.Status403Forbidden, words).ExecuteAsync(Context);
    }

    /// <summary>
    /// A cookie comes along with whatever another site makes a browser send: it may look, and change nothing. Some looks leave a line in
    /// the trail, so that a link from elsewhere may not even look.
    /// </summary>
    private async Task<AuthenticateResult> OfSessionAsync()
    {
        if ((!HttpMethods.IsGet(Request.Method) && !HttpMethods.IsHead(Request.Method)) || FetchSite.IsElsewhere(Request))
            return AuthenticateResult.NoResult();
        var session = await Context.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        return session is { Succeeded: true, Principal: { } person }
            ? AuthenticateResult.Success(new AuthenticationTicket(person, Scheme.Name))
            : AuthenticateResult.NoResult();
    }

    private async Task<ApiKey?> FindAsync(string credential, bool isKey)
    {
        if (ApiKeySecret.Parse(credential) is { } secret)
            return await keys.FindAsync(secret, Context.RequestAborted);
        return !isKey && await tokens.ReadAsync(credential, Context.RequestAborted) is { } prefix ? await keys.FindAsync(prefix, Context.RequestAborted) : null;
    }

    /// <summary>Says on every answer how the key stands, also on one that failed, whose headers were taken back.</summary>
    private bool IsOver(KeyUse use)
    {
        Response.OnStarting(() =>
        {
            var (headers, limit) = (Response.Headers, use.Limit.ToString(CultureInfo.InvariantCulture));
            headers["RateLimit-Limit"] = limit;
            headers["RateLimit-Remaining"] = use.Remaining.ToString(CultureInfo.InvariantCulture);
            headers["RateLimit-Reset"] = Seconds(use.Resets);
            headers["RateLimit-Policy"] = $"{limit};w={Seconds(KeyLimits.Window)}";
            return Task.CompletedTask;
        });
        if (!use.IsOver || Context.GetEndpoint()?.Metadata.GetMetadata<ApiUnlimited>() is not null)
            return false;
        _wait = use.Resets;
        return true;
    }

    private static string Seconds(TimeSpan span) => ((int)Math.Ceiling(span.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private string Words(ApiKey key) => key.StateAt(clock.GetUtcNow()) switch
    {
        ApiKeyState.Revoked => "This key was revoked. Ask for another.",
        ApiKeyState.Expired => $"This key expired on {key.ExpiresAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}. Rotate keys before they do.",
        _ => "Whoever made this key may make such keys no longer, so it works no longer. Ask for another.",
    };

    private ClaimsPrincipal CallerOf(ApiKey key) => new(new ClaimsIdentity(
        [
            // No session: a key has other bounds than a second factor.
            new Claim(ClaimTypes.Name, $"API key {key.Name} ({key.Prefix})"), new Claim(ClaimTypes.Role, key.Role), new Claim(ApiDoor.KeyClaim, key.Prefix),
            .. key.Scopes.Select(scope => new Claim(ApiDoor.ScopeClaim, scope)),
        ],
        Scheme.Name));

    private AuthenticateResult Refuse(string words)
    {
        _refusal = words;
        return AuthenticateResult.Fail(words);
    }
}
