using Microsoft.AspNetCore.Diagnostics;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Web.Platform.Shell;

/// <summary>Words instead of bare status codes, for people only: machines' paths and strangers keep the plain status.</summary>
internal static class StatusPages
{
    private const string FaultPath = "/fault";

    private const string CarrierPath = "/sms";

    private static readonly string[] MachinePaths = [CarrierPath, "/api", "/health", "/healthz", "/ready", "/sandbox", "/_blazor", "/built", "/_content", "/_framework"];

    /// <summary>A fault while a page is made, or a form of it taken; must stand before what may fail.</summary>
    internal static void UseFaultPage(this WebApplication app) => app.UseWhen(IsForPeople, people =>
    {
        people.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = FaultPath,
            CreateScopeForErrors = true,
            // An outage is in the log once, not once a page.
            SuppressDiagnosticsCallback = fault => fault.Exception.IsOutage(),
        });
        people.Use((context, next) =>
        {
            // The page of the fault is only shown: what was posted is none of its business.
            if (IsFault(context)) context.Request.Method = HttpMethods.Get;
            return next(context);
        });
    });

    /// <summary>The request is being answered anew, with the page of the fault.</summary>
    internal static bool IsFault(HttpContext context) => context.Features.Get<IExceptionHandlerFeature>() is not null;

    /// <summary>"No such page" for whoever is signed in; must stand after the sign-in is known.</summary>
    internal static void UseNotFoundPage(this WebApplication app) =>
        app.UseWhen(
            context => context.User.Identity?.IsAuthenticated == true && HttpMethods.IsGet(context.Request.Method) && IsForPeople(context),
            people => people.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));

    private static bool IsForPeople(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsPost(context.Request.Method))
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal)
        && !IsForMachines(context);

    /// <summary>What is mapped there answers by itself.</summary>
    internal static bool IsForMachines(HttpContext context) => MachinePaths.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>A webhook.</summary>
    internal static bool IsForCarrier(HttpContext context) => context.Request.Path.StartsWithSegments(CarrierPath, StringComparison.OrdinalIgnoreCase);
}
