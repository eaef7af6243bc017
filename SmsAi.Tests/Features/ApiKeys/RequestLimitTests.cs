using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Api;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Features.ApiKeys;

/// <summary>How often a key may call, over the wire.</summary>
public sealed class RequestLimitTests(LimitedHost host) : IClassFixture<LimitedHost>
{
    private static readonly Uri Controls = new("/api/admin/controls", UriKind.Relative);

    [Fact]
    public async Task Answers_count_down_and_the_sixth_is_refused_until_the_minute_is_over()
    {
        await RedisIsUpAsync();
        using var client = await host.WithKeyAsync(OperatorRoles.Viewer);

        for (var left = LimitedHost.PerMinute - 1; left >= 0; left--)
        {
            using var answer = await client.GetAsync(Controls);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            Header(answer, "RateLimit-Limit").ShouldBe("5");
            Header(answer, "RateLimit-Remaining").ShouldBe($"{left}");
            int.Parse(Header(answer, "RateLimit-Reset"), System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(50, 60);
            Header(answer, "RateLimit-Policy").ShouldBe("5;w=60");
        }

        using var refused = await client.GetAsync(Controls);

        (await refused.ProblemAsync(429)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldStartWith("This key has made its 5 requests of a minute. Wait ");
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(45, 60);
        Header(refused, "RateLimit-Remaining").ShouldBe("0");
        (await RedisKeyScan.StrangersAsync(host.Redis)).ShouldBeEmpty();
        using var other = await host.WithKeyAsync(OperatorRoles.Viewer);
        (await other.GetAsync(Controls)).StatusCode.ShouldBe(HttpStatusCode.OK, "each key has its own count");
    }

    [Fact]
    public async Task Stop_is_never_refused_for_asking_too_often()
    {
        await RedisIsUpAsync();
        using var client = await host.WithKeyAsync(OperatorRoles.Admin);
        for (var time = 0; time <= LimitedHost.PerMinute; time++)
            (await client.GetAsync(Controls)).Dispose();

        await (await client.PostAsync("/api/admin/controls/resume", """{"reason":"x"}""")).ProblemAsync(429);
        using var kill = await client.PostAsync("/api/admin/controls/kill", """{"reason":"stop"}""");

        (await kill.JsonAsync()).GetProperty("stopped").GetBoolean().ShouldBeTrue();
        Header(kill, "RateLimit-Remaining").ShouldBe("0");
    }

    [Fact]
    public async Task Token_counts_for_its_key_and_what_was_refused_or_wrong_counts_too()
    {
        await RedisIsUpAsync();
        using var client = await host.WithKeyAsync(OperatorRoles.Viewer);
        using var exchanged = await client.PostAsync(new Uri("/api/auth/token", UriKind.Relative), null);
        using var token = host.Client();
        token.DefaultRequestHeaders.Authorization = new("Bearer", (await exchanged.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString());

        using var looked = await token.GetAsync(Controls);
        using var denied = await client.PostAsync("/api/admin/controls/kill", "{}");
        using var nothing = await token.GetAsync(new Uri("/api/nothing", UriKind.Relative));

        (Header(exchanged, "RateLimit-Remaining"), Header(looked, "RateLimit-Remaining")).ShouldBe(("4", "3"));
        (denied.StatusCode, Header(denied, "RateLimit-Remaining")).ShouldBe((HttpStatusCode.Forbidden, "2"));
        (nothing.StatusCode, Header(nothing, "RateLimit-Remaining")).ShouldBe((HttpStatusCode.NotFound, "1"));
    }

    [Fact]
    public async Task Session_has_no_count()
    {
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer);
        for (var time = 0; time <= LimitedHost.PerMinute; time++)
        {
            using var answer = await browser.GetAsync(Controls);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.Contains("RateLimit-Limit").ShouldBeFalse();
        }
    }

    private Task RedisIsUpAsync() => Until.TrueAsync(() => host.Services.GetRequiredService<RedisConnection>().IsUp, "Redis is up");

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
