using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Journeys;

/// <summary>How operators get in, and that nobody else does.</summary>
[Collection(JourneyCollection.Name)]
public sealed partial class AccessJourney : IAsyncLifetime
{
    private const string Email = "mara@example.org";
    private Service _service = null!;

    public async ValueTask InitializeAsync() => _service = await Service.SandboxAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task First_owner_comes_by_the_printed_link_once_and_signs_out_and_in()
    {
        var app = _service.App;
        await Until.TrueAsync(() => SetUpLink().IsMatch(app.Output), "the program prints the link");
        var link = SetUpLink().Match(app.Output).Groups[1].Value;
        await using var mara = await Visitor.ComeAsync(app);
        await mara.Page.GotoAsync(link);
        await mara.Page.GetByLabel("Name").FillAsync("Mara Keller");
        await mara.Page.GetByLabel("E-mail").FillAsync(Email);
        await mara.Page.Locator("#password").FillAsync("password1234");
        await mara.Page.GetByRole(AriaRole.Button, new() { Name = "Make owner" }).ClickAsync();
        await mara.Page.Locator("#password[aria-invalid=true]").WaitForAsync();

        await mara.Page.Locator("#password").FillAsync(Operators.Password);
        await mara.Page.GetByRole(AriaRole.Button, new() { Name = "Make owner" }).ClickAsync();
        await mara.LiveAsync();
        new Uri(mara.Page.Url).AbsolutePath.ShouldBe("/");
        await mara.SeesAsync("Mara Keller");

        await using var late = await Visitor.ComeAsync(app);
        await late.Page.GotoAsync(link);
        await late.SeesAsync("Already set up");

        await mara.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await mara.Page.WaitForURLAsync("**/sign-in");
        await mara.Page.GotoAsync("/");
        new Uri(mara.Page.Url).AbsolutePath.ShouldBe("/sign-in", "the old page asks to sign in again");
        await mara.SignInAsync(Email, Operators.Password);
        await mara.LiveAsync();
        mara.Complaints.ShouldBeEmpty();
        app.Output.Split('\n').Count(line => line.Contains("/set-up#", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_and_say_so()
    {
        await Operators.AddAsync(_service.Database, "jonas@example.org", "Operator");
        await using var jonas = await Visitor.ComeAsync(_service.App);
        var words = new List<string>();
        for (var time = 0; time < 5; time++)
        {
            await jonas.SignInAsync("jonas@example.org", $"not the password {time}");
            words.Add(await jonas.Page.Locator("#fault").InnerTextAsync());
        }

        words.ShouldBe(
        [
            "E-mail and password don't match. 4 tries left, then a 15 minute wait.",
            "E-mail and password don't match. 3 tries left, then a 15 minute wait.",
            "E-mail and password don't match. 2 tries left, then a 15 minute wait.",
            "E-mail and password don't match. 1 try left, then a 15 minute wait.",
            "E-mail and password don't match. No tries left: wait 15 minutes.",
        ]);
        await jonas.SignInAsync("jonas@example.org", Operators.Password);
        (await jonas.Page.Locator("#fault").InnerTextAsync()).ShouldBe("Too many tries. Wait up to 15 minutes, then try again.");
        (await _service.Database.ScalarAsync<long>("select count(*) from audit where resource like '%' and action like '%refused%'")).ShouldBe(6);
    }

    [GeneratedRegex(@"Open (http\S+/set-up#\S+) to make the owner")]
    private static partial Regex SetUpLink();
}
