using System.Net;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Faults;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Journeys;

/// <summary>What the service does while something below it is away.</summary>
[Collection(TimedJourneyCollection.Name)]
public sealed class OutageJourney
{
    [Fact]
    public async Task Answers_go_on_while_Redis_is_away_and_after_it_is_back()
    {
        await using var redis = await TestRedisServer.StartNewAsync();
        await using var service = await Service.PrepareAsync(redis: redis);
        var app = await service.AddReplicaAsync();
        await service.Driver.CrowdAsync(() => app, people: 5, each: 2);
        await redis.StopAsync();
        await service.Driver.CrowdAsync(() => app, people: 5, each: 4, first: 5);
        await service.IdleAsync();
        await redis.StartAsync();
        await service.Driver.CrowdAsync(() => app, people: 5, each: 2, first: 10);
        redis.Freeze();
        await service.Driver.CrowdAsync(() => app, people: 5, each: 4, first: 15);
        redis.Thaw();
        await service.IdleAsync();
        var report = await service.CheckAsync();
        report.Acknowledged.ShouldBe(60);
        report.ShouldBeClean();
        service.Driver.Log.Max(text => text.Took).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        service.Driver.Log.Max(text => text.Tries).ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_the_database_is_away_webhooks_get_503_within_a_second_and_the_sweep_brings_what_was_given_up(bool hangs)
    {
        await using var postgres = await TestPostgres.StartNewAsync(durable: true);
        await using var service = await Service.PrepareAsync(postgres);
        service.Settings.Remove("Intake:Patience");
        var app = await service.AddReplicaAsync();
        await service.Driver.CrowdAsync(() => app, people: 3, each: 1);
        await service.IdleAsync();

        if (hangs)
            await postgres.FreezeAsync();
        else
            await postgres.CrashAsync();
        var refused = await Task.WhenAll(Enumerable.Range(3, 12).Select(person =>
            service.Driver.TextAsync(() => app, RoadDriver.NumberOf(person), RoadDriver.BodyOf(person, 0))));
        refused.Select(text => text.Status).Distinct().ShouldBe([HttpStatusCode.ServiceUnavailable]);
        refused.Max(text => text.Took).ShouldBeLessThan(TimeSpan.FromSeconds(1.5), "a second, and what this machine needs for twelve at once");
        await Until.TrueAsync(async () => await app.StatusAsync("/ready") == HttpStatusCode.ServiceUnavailable, "it says it is not ready");
        (await app.StatusAsync("/health")).ShouldBe(HttpStatusCode.OK, "the process lives");
        using (var response = await service.Webhooks.PostAsync(app, SignedWebhooks.Receive, service.Webhooks.FieldsOf(service.Carrier.KeepInbound(RoadDriver.NumberOf(99), "person 0099 text 0000"))))
            response.Headers.RetryAfter.ShouldNotBeNull();

        if (hangs)
            await postgres.ThawAsync();
        else
            await postgres.StartAsync();
        service.Database.Owner.Clear();
        await app.ReadyAsync();
        await service.Driver.CrowdAsync(() => app, people: 3, each: 1, first: 20);
        await Until.TrueAsync(() => refused.All(text => IsAnswered(service, text)), "the sweep brought in what the carrier had given up", 60);
        await service.IdleAsync();
        (await service.CheckAsync()).Duplicated.ShouldBeEmpty();
        app.HasEnded.ShouldBeFalse();
    }

    private static bool IsAnswered(Service service, PostedText text) =>
        service.Carrier.Ledger.Accepted.Any(answer => answer.To == text.From && answer.Body == "Echo: " + text.Body);
}
