using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace SmsAi.Tests.Features.Sandbox;

public sealed class SandboxDoorTests
{
    [Theory]
    [InlineData(null, null, HttpStatusCode.OK)]
    [InlineData("X-Forwarded-For", "203.0.113.9", HttpStatusCode.NotFound)]
    [InlineData("Forwarded", "for=203.0.113.9", HttpStatusCode.NotFound)]
    [InlineData("Via", "1.1 proxy", HttpStatusCode.NotFound)]
    public async Task The_carrier_opens_to_this_machine_without_a_proxy(string? header, string? value, HttpStatusCode status)
    {
        await using var host = await SandboxHost.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };
        using var request = List(host, host.Account.AuthToken);
        if (header is not null)
            request.Headers.Add(header, value);

        (await client.SendAsync(request)).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_as_the_carrier_does()
    {
        await using var host = await SandboxHost.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };
        using var request = List(host, "guess");

        using var response = await client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsStringAsync()).ShouldContain("20003");
    }

    [Fact]
    public async Task With_credentials_of_ones_own_there_is_no_sandbox_carrier_and_with_a_key_no_sandbox_model()
    {
        await using var host = await SandboxHost.StartAsync(
            ("Twilio:AccountSid", "AC0123456789abcdef0123456789abcdef"), ("Twilio:AuthToken", "token"), ("Twilio:FromNumber", "+15005550006"),
            ("Twilio:PublicBaseUrl", "https://sms.example.org"), ("OpenAI:ApiKey", "sk-real"));
        using var client = new HttpClient { BaseAddress = host.Address };
        using var list = List(host, host.Account.AuthToken);
        using var chat = new HttpRequestMessage(HttpMethod.Post, "/sandbox/openai/v1/chat/completions") { Content = new StringContent("{}") };
        chat.Headers.Authorization = new AuthenticationHeaderValue("Bearer", host.Account.ModelKey);

        (await client.SendAsync(list)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.SendAsync(chat)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static HttpRequestMessage List(SandboxHost host, string password)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/sandbox/twilio/2010-04-01/Accounts/{host.Account.AccountSid}/Messages.json");
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{host.Account.AccountSid}:{password}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", pair);
        return request;
    }
}
