using System.Reflection;
using Microsoft.AspNetCore.Components;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Journeys;

/// <summary>An address is typed by people and kept in links: whatever stands behind its question mark, the page opens.</summary>
[Collection(PageJourneyCollection.Name)]
public sealed class AddressesJourney(RunningService running) : IClassFixture<RunningService>
{
    // What pages take apart themselves has no attribute.
    private static readonly string[] Names = [.. typeof(App).Assembly.GetTypes()
        .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
        .Select(property => (property.Name, Query: property.GetCustomAttribute<SupplyParameterFromQueryAttribute>()))
        .Where(property => property.Query is not null).Select(property => (property.Query!.Name ?? property.Name).ToLowerInvariant())
        .Concat(["q", "role", "state", "before", "after"]).Distinct()];

    [Theory]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("x")]
    [InlineData("2026-99-99")]
    [InlineData("%27%22%3E%3Csvg%20onload%3Dwindow.ran%3D1%3E%00%FF")]
    public async Task Every_page_opens_whatever_its_address_asks_for(string value)
    {
        Names.Length.ShouldBeGreaterThan(20);
        var question = "?" + string.Join('&', Names.Select(name => $"{name}={value}"));
        var pages = (await EveryPage.FindAsync(running.Service)).Where(page => !page.Path.Contains('?', StringComparison.Ordinal) && page.Path != "/fault").ToList();
        await using var stranger = await Visitor.ComeAsync(running.Service.App);
        await using var owner = await Visitor.SignedInAsync(running.Service.App, Service.OwnerEmail, Operators.Password);
        var found = new List<string>();
        foreach (var page in pages)
        {
            var (visitor, address) = (page.IsOpen ? stranger : owner, page.Path + question);
            // What can't be written in a link's address comes by a typed one.
            if (page.IsOpen || value.Contains('%', StringComparison.Ordinal))
                await visitor.Page.GotoAsync(address);
            else
                await visitor.FollowAsync(page, question);
            await LookAsync(visitor, address, found);
        }

        found.ShouldBeEmpty();
        stranger.Complaints.Concat(owner.Complaints).ShouldBeEmpty();
        stranger.Failures.Concat(owner.Failures).ShouldBeEmpty();
    }

    private static async Task LookAsync(Visitor visitor, string address, List<string> found)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(address.Split('?')[0]);
        await visitor.ReadyAsync();
        if (await visitor.Page.GetByText("This page couldn't be made").Or(visitor.Page.GetByText("The database doesn't answer, so nothing is sent.")).CountAsync() > 0)
            found.Add(address.Split('?')[0]);
        if (await visitor.Page.EvaluateAsync<bool>("() => 'ran' in window"))
            found.Add(address + " ran");
    }
}
