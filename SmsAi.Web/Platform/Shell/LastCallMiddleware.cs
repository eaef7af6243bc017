using SmsAi.Web.Platform.Shell.SecurityHeaders;

namespace SmsAi.Web.Platform.Shell;

/// <summary>
/// Opens no circuit any more once the program is asked to stop. A browser whose circuit just closed is back within milliseconds, and what it
/// opens then nobody closes: it held up the end until its time was over and the rest was cut off.
/// </summary>
internal sealed class LastCallMiddleware(RequestDelegate next, IHostApplicationLifetime lifetime)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!lifetime.ApplicationStopping.IsCancellationRequested || !context.Request.Path.StartsWithSegments(OwnOriginMiddleware.HubPath, StringComparison.OrdinalIgnoreCase))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }
}
