using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Http;

namespace SmsAi.Tests.Features.Health;

/// <summary>What supervisors, proxies and people hear about our health.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Health_names_four_parties_and_nothing_else()
    {
        await using var host = await ReadyAsync(_database);
        using var health = await JsonAsync(host, "/health");
        health.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe(["status", "timestamp", "services"]);
        var services = health.RootElement.GetProperty("services");
        services.EnumerateObject().Select(service => service.Name).ShouldBe(["database", "redis", "openai", "twilio"]);
        services.GetProperty("database").GetString().ShouldBe("up");
        services.GetProperty("redis").GetString().ShouldBe("off");
        services.EnumerateObject().ShouldAllBe(service => new[] { "up", "down", "off", "unknown" }.Contains(service.Value.GetString()));
        health.RootElement.GetProperty("timestamp").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Outside_parties_are_asked_in_the_background()
    {
        await using var party = RawServer.Answering(200, """{"status":"active","type":"Full"}""");
        await using var absent = new RawServer((socket, _) => RawServer.ResetAsync(socket));
        await using var host = await EdgeHost.StartAsync(
            _database, ("Twilio:ApiBaseUrl", party.Address.ToString().TrimEnd('/')), ("OpenAI:BaseUrl", absent.Address.ToString().TrimEnd('/')));
        await Until.TrueAsync(async () =>
        {
            using var health = await JsonAsync(host, "/health");
            var services = health.RootElement.GetProperty("services");
            return services.GetProperty("twilio").GetString() == "up" && services.GetProperty("openai").GetString() == "down"
                && services.GetProperty("database").GetString() == "up" && health.RootElement.GetProperty("status").GetString() == "degraded";
        }, "both were asked");
    }

    [Fact]
    public async Task Nobody_is_down_before_it_was_asked()
    {
        await using var host = await EdgeHost.StartAsync(_database);
        await using var redis = new RedisConnection($"127.0.0.1:{FreePort.Next()}");
        using var pulse = ActivatorUtilities.CreateInstance<DatabasePulse>(host.Get<IServiceProvider>());
        using var health = ActivatorUtilities.CreateInstance<ServiceHealth>(host.Get<IServiceProvider>(), redis, pulse);
        var first = health.Current;
        (first.Database, first.Redis, first.OpenAi, first.Twilio, first.Status).ShouldBe(("unknown", "unknown", "unknown", "unknown", "healthy"));

        await pulse.StartAsync(CancellationToken.None);
        await redis.StartAsync(CancellationToken.None);
        await Until.TrueAsync(() => health.Current is { Database: "up", Redis: "down", Status: "degraded" }, "both were asked");
        await pulse.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Outage_of_the_database_is_told_without_being_slow_or_unready_for_ever()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var own = await TestDatabase.CreateAsync(postgres);
        await using var host = await ReadyAsync(own);
        await postgres.FreezeAsync();
        await Until.TrueAsync(async () => await StatusAsync(host, "/ready") == HttpStatusCode.ServiceUnavailable, "not ready");
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        using (var health = await JsonAsync(host, "/health"))
        {
            health.RootElement.GetProperty("status").GetString().ShouldBe("unhealthy");
            health.RootElement.GetProperty("services").GetProperty("database").GetString().ShouldBe("down");
        }

        System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds.ShouldBeLessThan(200);
        (await StatusAsync(host, "/healthz")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        await postgres.ThawAsync();
        await Until.TrueAsync(async () => await StatusAsync(host, "/ready") == HttpStatusCode.OK, "ready again");
    }

    [Fact]
    public async Task Database_that_comes_late_makes_the_service_ready_then()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var own = await TestDatabase.CreateAsync(postgres);
        await postgres.StopAsync();
        await using var host = await EdgeHost.StartAsync(own);
        (await StatusAsync(host, "/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await StatusAsync(host, "/health")).ShouldBe(HttpStatusCode.OK);
        await postgres.StartAsync();
        await Until.TrueAsync(async () => await StatusAsync(host, "/ready") == HttpStatusCode.OK, "ready");
    }

    [Fact]
    public async Task Details_tell_counts_size_and_figures()
    {
        await SampleThread.CreateAsync(_database);
        await using var host = await ReadyAsync(_database);
        using var details = await JsonAsync(host, "/healthz");
        details.RootElement.GetProperty("status").GetString().ShouldBe("healthy");
        var main = details.RootElement.GetProperty("databases").GetProperty("main");
        main.GetProperty("type").GetString().ShouldBe("postgresql");
        main.GetProperty("table_counts").GetProperty("users").GetInt64().ShouldBe(1);
        main.GetProperty("table_counts").EnumerateObject().Select(table => table.Name).ShouldBe(["users", "tasks", "error_logs"]);
        main.GetProperty("database_size").GetString()!.ShouldMatch(@"^\d+ [kM]B$");
        var figures = details.RootElement.GetProperty("performance");
        figures.GetProperty("active_connections").GetInt32().ShouldBeGreaterThan(0);
        foreach (var name in (string[])["transactions_committed", "transactions_rolled_back", "tuples_returned", "tuples_fetched"])
            figures.GetProperty(name).GetInt64().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("Forwarded")]
    [InlineData("X-Real-IP")]
    [InlineData("Via")]
    public async Task Details_are_closed_to_whoever_came_through_a_proxy(string header)
    {
        await using var host = await ReadyAsync(_database);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/healthz"));
        request.Headers.TryAddWithoutValidation(header, header == "Via" ? "1.1 proxy" : "203.0.113.9");
        using var response = await host.Client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Details_are_closed_where_a_proxy_is_configured()
    {
        await using var host = await EdgeHost.StartAsync(_database, ("KnownProxies:0", "127.0.0.1"));
        (await StatusAsync(host, "/healthz")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(host, "/health")).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<EdgeHost> ReadyAsync(TestDatabase on)
    {
        var host = await EdgeHost.StartAsync(on);
        await Until.TrueAsync(() => host.Get<DatabasePulse>().IsUp, "the database is seen");
        return host;
    }

    private static async Task<HttpStatusCode> StatusAsync(EdgeHost host, string path)
    {
        using var response = await host.Client.GetAsync(new Uri(host.Address, path));
        return response.StatusCode;
    }

    private static async Task<JsonDocument> JsonAsync(EdgeHost host, string path)
    {
        using var response = await host.Client.GetAsync(new Uri(host.Address, path));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync());
    }
}
