using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Journeys;

/// <summary>Whoever may only look sees no number and no word of a person, on no page and in no answer of the API.</summary>
[Collection(PageJourneyCollection.Name)]
public sealed partial class ViewerJourney(RunningService running) : IClassFixture<RunningService>
{
    private const string Words = "my secret is plum cake";

    [Fact]
    public async Task Viewer_sees_no_number_and_no_words_of_a_person_wherever_she_looks()
    {
        var service = running.Service;
        await service.Driver.TextAsync(() => service.App, "+12025557243", Words);
        await service.IdleAsync();
        var alias = await service.Database.ScalarAsync<string>("select alias from users");
        await Operators.AddAsync(service.Database, "viewer@example.org", OperatorRoles.Viewer);
        await using var viewer = await Visitor.SignedInAsync(service.App, "viewer@example.org", Operators.Password);
        List<string> wrong = [];
        List<string> naming = [];

        foreach (var path in await PagesAsync())
        {
            await viewer.Page.GotoAsync(path);
            await viewer.ReadyAsync();
            Look(path, await viewer.Page.ContentAsync());
        }

        foreach (var path in await CallsAsync(viewer))
            Look(path, await (await viewer.Page.APIRequest.GetAsync(path)).TextAsync());

        await using var owner = await Visitor.SignedInAsync(service.App, Service.OwnerEmail, Operators.Password);
        await owner.Page.GotoAsync("/conversations/" + await service.Database.ScalarAsync<long>("select id from conversations"));
        await owner.SeesAsync(Words);
        wrong.ShouldBeEmpty();
        naming.Count.ShouldBeGreaterThan(6, "she is among what was looked at: " + string.Join(' ', naming));

        void Look(string path, string said)
        {
            if (Number().IsMatch(said)) wrong.Add($"{path} has her number");
            if (said.Contains(Words, StringComparison.OrdinalIgnoreCase)) wrong.Add($"{path} has her words");
            if (said.Contains(alias!, StringComparison.Ordinal)) naming.Add(path);
        }
    }

    /// <summary>Every page that opens for her, about that person where it is about one.</summary>
    private async Task<IReadOnlyList<string>> PagesAsync()
    {
        var (database, pages) = (running.Service.Database, new List<string>());
        foreach (var page in typeof(App).Assembly.GetTypes().Where(type => type.GetCustomAttributes<AuthorizeAttribute>().Any(said => said.Policy == Rights.CanRead)))
        {
            foreach (var path in page.GetCustomAttributes<RouteAttribute>().Select(route => route.Template))
            {
                var id = await database.ScalarAsync<long>(path.StartsWith("/messages/", StringComparison.Ordinal)
                    ? "select id from messages where direction = 'in'"
                    : path.StartsWith("/users/", StringComparison.Ordinal) ? "select id from users" : "select id from conversations");
                pages.Add(Hole().Replace(path, $"{id}"));
            }
        }

        pages.Count.ShouldBeGreaterThan(18);
        return pages;
    }

    /// <summary>What the API's own description says she may read.</summary>
    private async Task<IReadOnlyList<string>> CallsAsync(Visitor viewer)
    {
        var person = await running.Service.Database.ScalarAsync<long>("select id from users");
        using var described = JsonDocument.Parse(await (await viewer.Page.APIRequest.GetAsync("/openapi/v1.json")).TextAsync());
        return [.. described.RootElement.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out _)).Select(path => Hole().Replace(path.Name, $"{person}"))];
    }

    /// <summary>202 555 7243, however it is spelt.</summary>
    [GeneratedRegex(@"202\D{0,3}555\D{0,2}7243")]
    private static partial Regex Number();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Hole();
}
