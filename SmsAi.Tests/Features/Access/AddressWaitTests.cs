using System.Net;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Shell;

namespace SmsAi.Tests.Features.Access;

/// <summary>Addresses that keep failing, and accounts somebody keeps failing at, as a browser meets them.</summary>
public sealed class AddressWaitTests
{
    [Fact]
    public async Task Address_waits_after_twenty_wrong_tries_is_told_how_long_and_stands_once_in_the_trail()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser();

        (await FailAsync(browser, 20)).ShouldAllBe(status => status == HttpStatusCode.OK);
        var refused = await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(15));
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Too many tries from this address. Wait 15 min.");
        (await FailAsync(browser, 3)).ShouldAllBe(status => status == HttpStatusCode.TooManyRequests);
        const string Waits = "select actor || ' ' || host(ip) || ' ' || (metadata ->> 'minutes') from audit where action = 'access.address_waits'";
        (await host.Database.ListAsync<string>(Waits)).ShouldBe(["unknown 127.0.0.1 15"]);

        host.Time.Pass(TimeSpan.FromMinutes(15));
        (await ConsoleHost.SignInAsync(browser, "mara@example.org", ConsoleHost.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await FailAsync(host.Browser(), 20)).ShouldAllBe(status => status == HttpStatusCode.OK);
        (await host.Database.ListAsync<string>(Waits)).Count.ShouldBe(2, "the next window has a line of its own");
    }

    [Fact]
    public async Task Addresses_somebody_makes_up_are_one_address_without_a_known_proxy()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();

        await FailAsync(browser, 20, attempt => $"203.0.113.{attempt + 1}");

        (await FailAsync(browser, 1, _ => "198.51.100.7")).ShouldBe([HttpStatusCode.TooManyRequests]);
        (await host.Database.ListAsync<string>("select distinct host(ip) from audit")).ShouldBe(["127.0.0.1"]);
    }

    [Fact]
    public async Task Account_somebody_guesses_at_from_six_addresses_waits_and_another_signs_in()
    {
        await using var host = await ConsoleHost.StartAsync(("KnownProxies:0", "127.0.0.1"));
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        await host.MakeOperatorAsync("jonas@example.org", OperatorRoles.Operator);
        using var browser = host.Browser();
        for (var guess = 1; guess <= 5; guess++) await SignInFromAsync(browser, $"203.0.113.{guess}", "mara@example.org", "a guess");

        var refused = await SignInFromAsync(browser, "203.0.113.6", "mara@example.org", ConsoleHost.Password);

        refused.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("Too many tries.");
        (await SignInFromAsync(browser, "203.0.113.6", "jonas@example.org", ConsoleHost.Password)).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Wrong_links_of_invitations_make_their_address_wait_too()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = host.Browser();
        var form = await ConsoleHost.FieldsAsync(browser, "/join");
        foreach (var (name, value) in new[] { ("Token", "guess"), ("Name", "Mara"), ("Email", "mara@example.org"), ("Password", ConsoleHost.Password) })
            form["Form." + name] = value;
        for (var guess = 0; guess < 20; guess++) (await browser.PostAsync("/join", new FormUrlEncodedContent(form))).StatusCode.ShouldBe(HttpStatusCode.OK);

        var refused = await browser.PostAsync("/join", new FormUrlEncodedContent(form));

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(15));
    }

    /// <summary>Guesses at accounts nobody has, all at once.</summary>
    private static async Task<HttpStatusCode[]> FailAsync(HttpClient browser, int times, Func<int, string>? from = null)
    {
        var form = await ConsoleHost.FieldsAsync(browser, "/sign-in");
        return await Task.WhenAll(Enumerable.Range(0, times).Select(async attempt =>
        {
            using var post = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
            {
                Content = new FormUrlEncodedContent([.. form, new("Form.Email", $"nobody{attempt}@example.org"), new("Form.Password", "a guess")]),
            };
            if (from is not null) post.Headers.Add("X-Forwarded-For", from(attempt));
            return (await browser.SendAsync(post)).StatusCode;
        }));
    }

    private static async Task<HttpResponseMessage> SignInFromAsync(HttpClient browser, string address, string email, string password)
    {
        browser.DefaultRequestHeaders.Remove("X-Forwarded-For");
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return await ConsoleHost.SignInAsync(browser, email, password);
    }
}
