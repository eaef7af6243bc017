using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell.SecurityHeaders;

namespace SmsAi.Web.Platform.Shell;

/// <summary>The root of every page: interactive behind the sign-in, plain HTML before it.</summary>
public sealed partial class App
{
    private static readonly InteractiveServerRenderMode Interactive = new(prerender: false);

    [CascadingParameter] public required HttpContext Context { get; set; }

    private bool IsInteractive => Context.AcceptsInteractiveRouting();

    private IComponentRenderMode? Mode => IsInteractive ? Interactive : null;

    private string Nonce => ContentSecurityPolicy.NonceOf(Context);

    /// <summary>The browser's zone, which theme.js leaves in a cookie, so that the first rendering already shows local times.</summary>
    private string? BrowserZone => Context.Request.Cookies["zone"];

    private string? Zone => Context.Features.Get<OperatorLocale>()?.Zone ?? BrowserZone;

    private string? Address => Context.Connection.RemoteIpAddress?.ToString();
}
