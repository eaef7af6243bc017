using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Journeys;

/// <summary>A page found by its route, and whether it opens without signing in.</summary>
/// <param name="Component">What draws it; one may stand at several addresses.</param>
internal sealed record PlacedPage(string Path, Type Component, bool IsOpen);

/// <summary>Every page there is, at an address that shows something: no list that a new page could be forgotten on.</summary>
internal static partial class EveryPage
{
    /// <summary>Texts a few people and lists all pages, with what became of them where a page is about one thing.</summary>
    public static async Task<IReadOnlyList<PlacedPage>> FindAsync(Service service)
    {
        if (service.Driver.Log.Count == 0)
        {
            await service.Driver.CrowdAsync(() => service.App, people: 6, each: 2);
            await service.IdleAsync();
        }

        var samples = await SamplesAsync(service);
        var pages = typeof(App).Assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<RouteAttribute>()
            .Select(route => new PlacedPage(Filled(route.Template, samples), type, type.IsDefined(typeof(AllowAnonymousAttribute))))).ToList();
        pages.Count.ShouldBeGreaterThan(15);
        var person = $"/users/{samples["users"]}";
        return [.. pages, .. UserTabs.Select(tab => pages.Single(page => page.Path == person) with { Path = $"{person}?tab={tab}" })];
    }

    private static readonly string[] UserTabs = ["messages", "tasks", "errors", "consent", "notes"];

    private static string Filled(string template, IReadOnlyDictionary<string, long> samples)
    {
        var path = "/" + template.TrimStart('/');
        return Parameter().Replace(path, _ => samples[path.Split('/')[1]].ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<Dictionary<string, long>> SamplesAsync(Service service) => new()
    {
        ["ledger"] = await service.Database.ScalarAsync<long>("select min(id) from conversations"),
        ["conversations"] = await service.Database.ScalarAsync<long>("select min(id) from conversations"),
        ["access"] = await service.Database.ScalarAsync<long>("select min(id) from operators"),
        ["users"] = await service.Database.ScalarAsync<long>("select min(id) from users"),
        ["messages"] = await service.Database.ScalarAsync<long>("select max(id) from messages where direction = 'in'"),
    };

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
