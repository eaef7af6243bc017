namespace SmsAi.Web.Platform.Shell;

/// <summary>303: the post is done, look there. Unlike 302 it leaves no doubt that the next request is a GET.</summary>
internal sealed class SeeOther(string path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = path;
        return Task.CompletedTask;
    }
}
