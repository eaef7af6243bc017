using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Net.Http.Headers;
using Npgsql;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Web.Platform.Shell;

/// <summary>
/// Lays the operator's culture over the request of a page and over the socket its circuit then lives on: what she chose, else what her browser says.
/// Programs, exports and webhooks keep the usual one.
/// </summary>
internal sealed class LocaleMiddleware(RequestDelegate next, OperatorPreferences preferences)
{
    /// <summary>Where theme.js leaves the browser's language, for sockets that don't name it themselves.</summary>
    public const string LanguageCookie = "language";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, OperatorLocale> _last = new();

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/_blazor") || context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            var chosen = await ChosenAsync(context);
            context.Features.Set(chosen);
            CultureInfo.CurrentCulture = OperatorCulture.Of(chosen.Language ?? BrowserLanguage(context), chosen.Is12Hour);
        }

        await next(context);
    }

    /// <summary>The first language the browser names that is known here.</summary>
    internal static string? BrowserLanguage(HttpContext context)
    {
        string[] left = context.Request.Cookies[LanguageCookie] is { Length: > 0 and < 36 } cookie ? [cookie] : [];
        var named = StringWithQualityHeaderValue.TryParseList(context.Request.Headers.AcceptLanguage, out var list)
            ? list.OrderByDescending(one => one.Quality ?? 1).Select(one => one.Value.ToString()) : [];
        return OperatorCulture.FirstKnown(left.Concat(named));
    }

    private async Task<OperatorLocale> ChosenAsync(HttpContext context)
    {
        if (!long.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return OperatorLocale.None;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            return _last[id] = await preferences.LocaleAsync(id, patience.Token);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            // The database is away: as she last had it.
            return _last.GetValueOrDefault(id, OperatorLocale.None);
        }
    }
}
