using Microsoft.Extensions.Options;

namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>Refuses sockets opened by other sites.</summary>
internal sealed class OwnOriginMiddleware(RequestDelegate next, IOptions<PublicAddress> address)
{
    internal const string HubPath = "/_blazor";

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(HubPath, StringComparison.OrdinalIgnoreCase) || IsOwnOrigin(context.Request)) return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    /// <summary>Browsers name the page a socket or post comes from; who names none is no browser and brings no cookies of one.</summary>
    private bool IsOwnOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && (string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase) || address.Value.IsSameOrigin(from));
    }
}
