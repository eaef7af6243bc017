using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SmsAi.Tests.Journeys;

/// <summary>An operator from Germany with a clock of twelve hours chooses how she reads, and finds it so in another browser.</summary>
[Collection(PageJourneyCollection.Name)]
public sealed partial class LocaleJourney
{
    [Fact]
    public async Task Numbers_and_times_follow_the_account_on_every_page_and_in_every_browser()
    {
        await using var service = await Service.StartAsync();
        await using (var owner = await Visitor.SignedInAsync(service.App, Service.OwnerEmail, Operators.Password))
        {
            await owner.GoAsync("/account");
            await Assertions.Expect(owner.Page.Locator(".sessions time, table time").First).ToHaveTextAsync(OfTwentyFour());
            await owner.Page.GetByLabel("Language of numbers and dates").SelectOptionAsync("de-DE");
            await owner.Page.GetByLabel("Clock").SelectOptionAsync("12");
            await owner.Page.GetByLabel("Time zone").FillAsync("Asia/Kolkata");
            await Assertions.Expect(owner.Page.Locator(".locale-example")).ToContainTextAsync("12.345,6");
            await owner.Page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            await Assertions.Expect(owner.Page.Locator("table time").First).ToHaveTextAsync(OfTwelve());
            owner.Complaints.ShouldBeEmpty();
            owner.Failures.ShouldBeEmpty();
        }

        await using var elsewhere = await Visitor.SignedInAsync(service.App, Service.OwnerEmail, Operators.Password);
        await Assertions.Expect(elsewhere.Page.Locator(".figure", new() { HasText = "Cost today" })).ToContainTextAsync("$0,00");
        await Assertions.Expect(elsewhere.Page.Locator(".page-head")).ToContainTextAsync("UTC+05:30");
        await elsewhere.Page.Locator(".chart .canvas.is-drawn").First.WaitForAsync();
        await Assertions.Expect(elsewhere.Page.Locator(".chart-labels").First).ToContainTextAsync(OfTwelve());

        // What comes by itself is written the same way.
        await service.Database.ExecuteAsync("insert into error_logs (error_type, error_message, component, severity) select 'disk_full', 'The disk is full', 'Disk', 'HIGH' from generate_series(1, 1001)");
        await Assertions.Expect(elsewhere.Page.Locator(".side-link", new() { HasText = "Errors" }).Locator(".count")).ToContainTextAsync("1.000+", new() { Timeout = 15_000 });
        elsewhere.Complaints.ShouldBeEmpty();
        elsewhere.Failures.ShouldBeEmpty();
    }

    [GeneratedRegex("[0-9]{2}:[0-9]{2}(?!.*[AP]M)")]
    private static partial Regex OfTwentyFour();

    [GeneratedRegex("[0-9]{1,2}:[0-9]{2}\\s[AP]M")]
    private static partial Regex OfTwelve();
}
