using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Shell.SecurityHeaders;

namespace SmsAi.Web.Features.Access;

/// <summary>The session's cookie: out of reach of scripts and other sites, 30 minutes idle, 12 hours in all.</summary>
internal sealed class SessionCookie(IOptions<PublicAddress> address, SessionWatch watch, Denials denials, TimeProvider time) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public void Configure(CookieAuthenticationOptions options) => Configure(null, options);

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        if (name != IdentityConstants.ApplicationScheme) return;
        options.Cookie.Name = address.Value.IsHttps ? "__Host-smsai" : "smsai";
        options.Cookie.SecurePolicy = address.Value.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.HttpOnly = true;
        options.Cookie.Path = "/";
        options.ExpireTimeSpan = SessionRules.Idle;
        options.SlidingExpiration = true;
        options.TimeProvider = time;
        options.LoginPath = "/sign-in";
        options.AccessDeniedPath = "/not-allowed";
        options.ReturnUrlParameter = "back";
        options.Events.OnRedirectToLogin = context => SendAway(context, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context => MustEnrol(context) ? SendToAccount(context) : DenyAsync(context);
        options.Events.OnValidatePrincipal = ValidateAsync;
    }

    /// <summary>Whose role asks for a second factor sets it up before any page opens.</summary>
    private bool MustEnrol(RedirectContext<CookieAuthenticationOptions> context) =>
        WantsPage(context.Request) && watch.StandingOf(context.HttpContext.User) == SessionStanding.MustEnrol;

    private static Task SendToAccount(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.Redirect("/account");
        return Task.CompletedTask;
    }

    private async Task DenyAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        await denials.NoteAsync("page", context.HttpContext);
        await SendAway(context, StatusCodes.Status403Forbidden);
    }

    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <summary>Only a page a person asked for leads to the sign-in; everything else gets a plain status.</summary>
    private static Task SendAway(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        if (WantsPage(context.Request) && status == StatusCodes.Status401Unauthorized) context.Response.Redirect(context.RedirectUri);
        else context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (StatusPages.IsFault(context.HttpContext))
        {
            // Who asks may be what could not be read: the page of the fault is shown to anybody, and the session stays.
            context.RejectPrincipal();
            return;
        }

        if (SessionRules.IsOver(SessionClaims.BeganAt(context.Principal!), null, time.GetUtcNow())
            || SessionClaims.IdOf(context.Principal!) is not { } session
            || await watch.AskAsync(session, context.HttpContext.RequestAborted) == SessionStanding.Ended)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(IdentityConstants.ApplicationScheme);
            return;
        }

        // The database is away: who was known goes on, so that her screen can say so; commands ask the database themselves.
        if (!watch.IsAway) await SecurityStampValidator.ValidatePrincipalAsync(context);
        else if (!watch.Knows(session)) throw new TimeoutException("The database doesn't answer, so nobody knows whether this session is open.");
    }
}
