namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>Puts the browser's rules around everything, also around what the framework answers before the program is asked, such as a foreign host.</summary>
internal sealed class HeadersFirst : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseMiddleware<SecurityHeadersMiddleware>();
        next(app);
    };
}
