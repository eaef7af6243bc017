using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Api;

namespace SmsAi.Web.Features.Health;

/// <summary>What supervisors and proxies ask: are you alive (/health), may texts come (/ready), and, for people and monitoring, how is the database (/healthz).</summary>
public static class HealthEndpoints
{
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Health).AllowAnonymous();
        routes.MapGet("/ready", Ready).AllowAnonymous();
        routes.MapGet("/healthz", DetailsAsync).AllowAnonymous();
        return routes;
    }

    /// <summary>Always 200 while the process lives: who restarts us over an absent database only adds to the outage.</summary>
    private static JsonHttpResult<HealthAnswer> Health(ServiceHealth health, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var now = health.Current;
        return TypedResults.Json(
            new HealthAnswer(now.Status, now.Timestamp, new HealthServices(now.Database, now.Redis, now.OpenAi, now.Twilio)), HealthJson.Default.HealthAnswer);
    }

    /// <summary>Monitoring comes with a key.</summary>
    private static async Task<bool> HasKeyAsync(HttpContext context) =>
        context.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes && await schemes.GetSchemeAsync(ApiDoor.Scheme) is not null
        && (await context.AuthenticateAsync(ApiDoor.Scheme)).Succeeded;

    private static StatusCodeHttpResult Ready(DatabasePulse database, IHostApplicationLifetime lifetime) =>
        TypedResults.StatusCode(database.IsUp && !lifetime.ApplicationStopping.IsCancellationRequested
            ? StatusCodes.Status200OK
            : StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<JsonHttpResult<DetailedHealth>, UnauthorizedHttpResult>> DetailsAsync(
        HttpContext context, HealthAccess access, DatabaseFigures figures, CancellationToken cancel)
    {
        if (!access.Allows(context) && !await HasKeyAsync(context))
            return TypedResults.Unauthorized();
        context.Response.Headers.CacheControl = "no-store";
        var health = await figures.ReadAsync(cancel);
        return TypedResults.Json(health, HealthJson.Default.DetailedHealth, statusCode: health.Performance is null ? StatusCodes.Status503ServiceUnavailable : null);
    }
}
