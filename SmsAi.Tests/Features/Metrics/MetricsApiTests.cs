using System.Text.Json;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Api;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Features.Metrics;

/// <summary>The figures of the moment, by the names outside tools go by.</summary>
public sealed class MetricsApiTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    [Fact]
    public async Task Figures_stand_under_the_names_tools_rely_on()
    {
        await host.Database.ExecuteAsync("insert into metric_minutes (minute, texts_in, texts_out, errors) values (date_trunc('minute', now()), 7, 5, 2)");
        await host.Database.ExecuteAsync("insert into spend_days (day, model_micros, carrier_micros) values ((now() at time zone 'UTC')::date, 1200, 7900) on conflict (day) do update set model_micros = 1200, carrier_micros = 7900");
        await host.Database.ExecuteAsync("insert into metrics_hourly (hour_bucket, metric_name, value) values (date_trunc('day', now() at time zone 'UTC') at time zone 'UTC', 'active_users', 3)");
        using var client = await host.WithKeyAsync(OperatorRoles.Viewer);

        var figures = await client.JsonAsync("/api/admin/metrics/realtime");

        Names(figures).ShouldBe(["at", "activeUsers", "messagesToday", "errorsToday", "systemHealth", "costs", "responseTime", "queue"]);
        (figures.GetProperty("activeUsers").GetInt64(), figures.GetProperty("messagesToday").GetInt64(), figures.GetProperty("errorsToday").GetInt64()).ShouldBe((3, 12, 2));
        Names(figures.GetProperty("systemHealth")).ShouldBe(["twilio", "openai", "database", "redis"]);
        figures.GetProperty("systemHealth").GetProperty("database").GetString().ShouldBe("up");
        figures.GetProperty("systemHealth").GetProperty("redis").GetString().ShouldBe("off");
        figures.GetProperty("costs").ToString().ShouldBe("""{"aiMicroUsd":1200,"smsMicroUsd":7900,"totalMicroUsd":9100}""");
        figures.GetProperty("responseTime").ToString().ShouldBe("""{"p50Ms":null,"p95Ms":null}""");
        figures.GetProperty("queue").ToString().ShouldBe("""{"depth":0,"oldestSeconds":0,"held":0}""");
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
