using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Web.Platform.Shell.Finding;

/// <summary>Finds pages, acts, people and messages by a few letters, only what the operator may open and do.</summary>
public sealed class PaletteSearch(
    Pages pages, IEnumerable<PaletteAct> acts, IEnumerable<PalettePersonAct> personActs, IEnumerable<IPaletteSource> sources, IAuthorizationService rights,
    IServiceProvider screen)
{
    private const char OnlyActs = '>';

    /// <summary>The acts this operator may do now, which need no search in the database.</summary>
    public async Task<IReadOnlyList<PaletteAct>> ActsAsync(Task<AuthenticationState>? authentication, RailModel rail)
    {
        var person = authentication is null ? new ClaimsPrincipal() : (await authentication).User;
        var allowed = new List<PaletteAct>();
        foreach (var act in acts.Where(act => act.Fits(rail)))
        {
            if (await MayAsync(person, act.Policy)) allowed.Add(act);
        }

        return allowed;
    }

    public async Task<PaletteResult> FindAsync(string typed, Task<AuthenticationState>? authentication, RailModel rail, CancellationToken cancel)
    {
        var text = typed.Trim();
        var sign = text.Length > 0 && (text[0] == OnlyActs || sources.Any(source => source.Sign == text[0])) ? text[0] : (char?)null;
        if (sign is not null) text = text[1..].Trim();
        var (items, hints) = (new List<PaletteItem>(), new List<string>());
        if (sign != OnlyActs) await AskSourcesAsync(items, hints, text, sign, authentication, cancel);
        if (sign is null) items.AddRange((await pages.ForAsync(authentication)).Where(page => Fits(page.Title, text)).OrderBy(page => Rank(page.Title, text)).Select(Of));
        var allowed = await ActsAsync(authentication, rail);
        PaletteAct[] meant = [.. allowed.Where(act => sign is null or OnlyActs && (Fits(act.Title, text) || Fits(act.Also, text)))];
        if (items.Count + meant.Length + hints.Count == 0) hints.Add("Nothing has this name. Try an alias, a tag, a page, an act, or a whole number with its country.");
        items.AddRange(allowed.Where(act => act.IsAlwaysThere || meant.Contains(act))
            .OrderBy(act => act.Group != NavigationGroup.Safety).ThenBy(act => !act.IsAlwaysThere).Select(Of));
        return new(text, items, hints);
    }

    private static bool Fits(string title, string text) => title.Contains(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>What begins so comes before what only holds it.</summary>
    private static int Rank(string title, string text) => title.StartsWith(text, StringComparison.OrdinalIgnoreCase) ? 0 : 1;

    private static PaletteItem Of(NavigationItem page) => new()
    {
        Group = "Pages",
        Title = page.Title,
        Icon = page.Icon,
        Href = page.Path,
        Keys = page.Key is null ? [] : ["G", page.Key.ToUpperInvariant()],
    };

    private PaletteItem Of(PaletteAct act) => new()
    {
        Group = act.Group == NavigationGroup.Safety ? "Safety" : "Acts",
        Title = act.Title,
        Detail = act.Detail,
        Icon = act.Icon,
        Press = act.Press,
        Run = act.Press is null ? () => act.Run(screen) : null,
        Keys = act.Keys,
    };

    private async Task AskSourcesAsync(
        List<PaletteItem> items, List<string> hints, string text, char? sign, Task<AuthenticationState>? authentication, CancellationToken cancel)
    {
        if (text.Length == 0) return;
        foreach (var source in sources.Where(source => sign is null || source.Sign == sign))
        {
            try
            {
                var found = await source.FindAsync(text, sign is not null, cancel);
                items.AddRange(found.Items);
                if (found.First is { } first && authentication is not null) items.AddRange(await ActsOnAsync(first, (await authentication).User));
                if (found.Hint is { } hint) hints.Add(hint);
            }
            catch (Exception fault) when (fault.IsOutage() && !cancel.IsCancellationRequested)
            {
                hints.Add("People and messages can't be searched: the database doesn't answer.");
                return;
            }
        }
    }

    private async Task<IReadOnlyList<PaletteItem>> ActsOnAsync(PaletteFound.Someone first, ClaimsPrincipal person)
    {
        var items = new List<PaletteItem>();
        foreach (var act in personActs)
        {
            if (!await MayAsync(person, act.Policy)) continue;
            items.Add(new()
            {
                Group = $"Acts on {first.Alias}",
                Title = act.Title,
                Detail = act.Detail,
                Icon = act.Icon,
                Href = act.Href?.Invoke(first.Id),
                Run = act.Href is null ? () => act.Run(screen, first.Id) : null,
            });
        }

        return items;
    }

    private async Task<bool> MayAsync(ClaimsPrincipal person, string? policy) => policy is null || (await rights.AuthorizeAsync(person, policy)).Succeeded;
}

/// <summary>What the palette shows for what was typed, without the sign before it.</summary>
public sealed record PaletteResult(string Text, IReadOnlyList<PaletteItem> Items, IReadOnlyList<string> Hints);
