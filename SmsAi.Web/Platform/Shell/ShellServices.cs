using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Radzen;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Configuration;
using SmsAi.Web.Platform.Api;
using SmsAi.Web.Platform.Shell.Finding;
using SmsAi.Web.Platform.Shell.Screens;
using SmsAi.Web.Platform.Shell.SecurityHeaders;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Platform.Shell;

/// <summary>Brings in the frame of the console: components, rail, side, headers; features add pages and rail slots to it.</summary>
public static class ShellServices
{
    /// <summary>A circuit's longest message, such as a text somebody writes.</summary>
    private const int LongestMessage = 32 * 1024;

    /// <summary>No form is larger, and strangers may post to some; what takes more or less says so itself.</summary>
    private const int LargestForm = 128 * 1024;

    public static IServiceCollection AddShell(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(options =>
        {
            options.DetailedErrors = false;
            options.JSInteropDefaultCallTimeout = TimeSpan.FromSeconds(10);
        }).AddHubOptions(options => options.MaximumReceiveMessageSize = LongestMessage);
        services.AddRadzenComponents();
        services.AddCascadingAuthenticationState();
        services.AddSingleton<RailSource>();
        services.AddScoped<Pages>();
        services.AddScoped<BrowserClock>();
        services.AddScoped<BrowserLocale>();
        services.AddScoped<ClientAddress>();
        services.AddScoped<Toasts>();
        services.AddSingleton<OperatorPreferences>();
        services.AddPalette();
        services.AddCheckedOptions<ScreenOptions>(configuration.GetSection(ScreenOptions.Section), options => options.Faults());
        services.AddSingleton<OpenScreens>();
        services.Configure<PublicAddress>(address =>
            address.Url = Uri.TryCreate(configuration[PublicAddress.Key], UriKind.Absolute, out var url) ? url : null);
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = LargestForm;
        });
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, HeadersFirst>());
        services.AddTrustedProxies(configuration).AddHostNames(configuration).AddApiCors(configuration);
        return services;
    }

    /// <summary>Adds a page to the side, the bottom bar and the keys.</summary>
    public static IServiceCollection AddPage(this IServiceCollection services, NavigationItem page) => services.AddSingleton(page);

    /// <summary>The order matters: what is refused early costs least, faults of all that follows are answered; who asks must be known before rights are.</summary>
    /// <param name="forCarrier">Maps the webhooks. The carrier signs in by its signature, and what the others pass on their way is for browsers.</param>
    public static WebApplication UseShell(this WebApplication app, Action<IEndpointRouteBuilder> forCarrier)
    {
        if (app.Configuration.GetSection(TrustedProxies.Key).GetChildren().Any()) app.UseForwardedHeaders();
        if (app.Services.GetRequiredService<IOptions<PublicAddress>>().Value.IsHttps) app.UseMiddleware<PublicSchemeMiddleware>();
        app.UseMiddleware<OwnOriginMiddleware>();
        app.UseMiddleware<LastCallMiddleware>();
        app.UseMiddleware<FaultAnswers>();
        app.UseWhen(StatusPages.IsForCarrier, carrier => carrier.UseRouting().UseEndpoints(forCarrier));
        app.UseApiCors();
        app.UseFaultPage();
        app.UseAuthentication();
        app.UseMiddleware<ScreensMiddleware>();
        app.UseNotFoundPage();
        app.UseRouting(); // after the two above, which send a request round again to another page
        app.Use(RefuseTooLongAsync);
        app.UseMiddleware<LocaleMiddleware>();
        app.UseAuthorization();
        app.UseAntiforgery();
        return app;
    }

    /// <summary>Said at once: further in, a form that can't be read is one without its token.</summary>
    private static Task RefuseTooLongAsync(HttpContext context, RequestDelegate next)
    {
        if (StatusPages.IsForMachines(context) || !(context.Request.ContentLength > context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    }

    public static void MapShell(this IEndpointRouteBuilder routes)
    {
        routes.MapStaticAssets().AllowAnonymous();
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(options =>
        {
            // Pages mix strangers' texts with what must stay private: compression would leak it bit by bit (CRIME).
            options.DisableWebSocketCompression = true;
            options.ContentSecurityFrameAncestorsPolicy = null;
        });
    }
}
