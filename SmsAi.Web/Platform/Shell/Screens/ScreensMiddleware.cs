using SmsAi.Web.Platform.Shell.SecurityHeaders;

namespace SmsAi.Web.Platform.Shell.Screens;

/// <summary>Refuses a circuit beyond those an operator may have open; must stand after the sign-in is known.</summary>
internal sealed class ScreensMiddleware(RequestDelegate next, OpenScreens screens)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var (path, user) = (context.Request.Path, context.User);
        if (IsSocket(context.Request))
        {
            if (!screens.TryOpen(user))
            {
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                return;
            }

            try
            {
                await next(context);
            }
            finally
            {
                screens.Close(user);
            }
        }
        else if (path.Equals(OwnOriginMiddleware.HubPath + "/negotiate", StringComparison.OrdinalIgnoreCase) && screens.IsFull(user))
        {
            // Before a browser tries one way to connect after the other.
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>A web socket, or what stands for one where a proxy lets none through; over HTTP/2 it begins with CONNECT.</summary>
    private static bool IsSocket(HttpRequest request) =>
        request.Path.Equals(OwnOriginMiddleware.HubPath, StringComparison.OrdinalIgnoreCase) && (HttpMethods.IsGet(request.Method) || HttpMethods.IsConnect(request.Method));
}
