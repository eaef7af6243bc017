using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Shell;

namespace SmsAi.Tests.Features.Access;

/// <summary>The set-up page as a browser sees it.</summary>
public sealed class SetUpTests
{
    [Fact]
    public async Task Link_makes_the_owner_and_signs_her_in()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var answer = await SubmitAsync(host, browser, ConsoleHost.Password);

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refused_password_is_explained_and_never_written_back()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var page = await (await SubmitAsync(host, browser, "Password1234!")).Content.ReadAsStringAsync();

        page.ShouldContain("This is among the first passwords");
        page.ShouldContain("mara@example.org");
        page.ShouldNotContain("Password1234!");
    }

    [Fact]
    public async Task Page_without_a_good_link_makes_nobody()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        var page = await (await SubmitAsync(host, browser, ConsoleHost.Password, token: "guessed")).Content.ReadAsStringAsync();

        page.ShouldContain("This link was used or is too old.");
        (await host.Database.ScalarAsync<long>("select count(*) from operators")).ShouldBe(0);
    }

    [Fact]
    public async Task Set_up_is_over_once_there_is_an_owner()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser();

        (await browser.GetStringAsync("/set-up")).ShouldContain("Already set up");
        (await browser.GetStringAsync("/sign-in")).ShouldNotContain("Nobody can sign in yet");
    }

    [Fact]
    public async Task Sign_in_says_where_the_link_is_while_there_is_nobody()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        (await browser.GetStringAsync("/sign-in")).ShouldContain("Nobody can sign in yet.");
    }

    private static async Task<HttpResponseMessage> SubmitAsync(ConsoleHost host, HttpClient browser, string password, string? token = null)
    {
        var form = await ConsoleHost.FieldsAsync(browser, "/set-up");
        form["Form.Token"] = token ?? await host.Services.GetRequiredService<SetUpLinks>().CreateAsync(CancellationToken.None);
        form["Form.Name"] = "Mara Lindqvist";
        form["Form.Email"] = "mara@example.org";
        form["Form.Password"] = password;
        return await browser.PostAsync("/set-up", new FormUrlEncodedContent(form));
    }
}
