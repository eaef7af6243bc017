using System.Net;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Faults;

namespace SmsAi.Tests.Journeys;

/// <summary>Texts in, answers out, with one replica and with two, and with replicas that go away.</summary>
[Collection(JourneyCollection.Name)]
public sealed class RoadJourney : IAsyncLifetime
{
    private Service _service = null!;

    public async ValueTask InitializeAsync() => _service = await Service.PrepareAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task The_same_webhook_fifty_times_at_once_to_two_replicas_gives_one_answer()
    {
        await Task.WhenAll(_service.AddReplicaAsync(), _service.AddReplicaAsync());
        var text = _service.Carrier.KeepInbound("+12025550111", "only once");
        var fields = _service.Webhooks.FieldsOf(text);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(time => AnswerAsync(_service.Replicas[time % 2], fields)));
        answers.Distinct().ShouldHaveSingleItem().ShouldBe((HttpStatusCode.OK, """<?xml version="1.0" encoding="UTF-8"?><Response/>"""));
        await Until.TrueAsync(() => _service.Carrier.Ledger.Accepted.Count > 0, "it is answered");
        await _service.IdleAsync();

        (await AnswerAsync(_service.App, fields)).ShouldBe(answers[0], "also after the answer");
        await _service.IdleAsync();
        _service.Carrier.Ledger.Accepted.ShouldHaveSingleItem().Body.ShouldBe("Echo: only once");
        _service.Model.Questions.Count.ShouldBe(1);
        (await _service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'in'")).ShouldBe(1);
    }

    [Fact]
    public async Task Nobody_who_wrote_stop_gets_an_answer_until_start()
    {
        var app = await _service.AddReplicaAsync();
        var robin = RoadDriver.NumberOf(1);
        await _service.Driver.TextAsync(() => app, robin, "STOP");
        await _service.Driver.TextAsync(() => app, robin, "are you there?");
        await _service.Driver.TextAsync(() => app, RoadDriver.NumberOf(2), "I did not stop");
        await Until.TrueAsync(() => _service.Carrier.Ledger.Accepted.Count > 0, "the other is answered");
        await _service.IdleAsync();
        _service.Carrier.Ledger.Accepted.ShouldHaveSingleItem().To.ShouldBe(RoadDriver.NumberOf(2));
        _service.Model.Questions.Count.ShouldBe(1, "an opted out person's words go to no model");

        await _service.Driver.TextAsync(() => app, robin, "START");
        await _service.Driver.TextAsync(() => app, robin, "and now?");
        await Until.TrueAsync(() => _service.Carrier.Ledger.Accepted.Any(text => text.To == robin), "she is answered again");
        _service.Carrier.Ledger.Accepted.Last().Body.ShouldBe("Echo: and now?");
    }

    [Fact]
    public async Task A_replica_killed_amid_500_texts_loses_none_and_repeats_none()
    {
        await using var postgres = await TestPostgres.StartNewAsync(durable: true);
        await using var crashing = await Service.PrepareAsync(postgres);
        // More crashes than one text may cause: here none is to blame.
        crashing.Settings["Queue:Crashes"] = "10";
        crashing.Model.Latency = () => TimeSpan.FromMilliseconds(Random.Shared.Next(5, 60));
        crashing.Carrier.Script.LatencyBefore = crashing.Carrier.Script.LatencyAfter = () => TimeSpan.FromMilliseconds(Random.Shared.Next(1, 30));
        await crashing.AddReplicaAsync();
        var crowd = crashing.Driver.CrowdAsync(() => crashing.App, people: 60, each: 9, patience: TimeSpan.FromSeconds(60));
        foreach (var share in (int[])[50, 180, 330, 450])
        {
            await Until.TrueAsync(() => crashing.Carrier.Ledger.Accepted.Count >= share, $"{share} answers have left", 60);
            await crashing.ReplaceAsync(crashing.App);
        }

        await crowd;
        await crashing.IdleAsync(60);
        var report = await crashing.CheckAsync();
        report.Acknowledged.ShouldBe(540);
        report.ShouldBeClean();
    }

    [Fact]
    public async Task Two_replicas_share_the_work_and_one_stops_in_order()
    {
        await Task.WhenAll(_service.AddReplicaAsync(), _service.AddReplicaAsync());
        var (stays, leaves) = (_service.Replicas[0], _service.Replicas[1]);
        _service.Model.Latency = () => TimeSpan.FromMilliseconds(200);
        var crowds = Task.WhenAll(
            _service.Driver.CrowdAsync(() => stays, people: 20, each: 8),
            _service.Driver.CrowdAsync(() => leaves.HasEnded ? stays : leaves, people: 20, each: 8, first: 20));
        await Until.TrueAsync(() => _service.Driver.Acknowledged >= 120, "work is under way on both");
        leaves.Terminate();
        (await leaves.ExitCodeAsync(TimeSpan.FromSeconds(25))).ShouldBe(0);
        (await _service.Database.ScalarAsync<long>(
            "select count(*) from conversations where lease_until is not null and lease_owner in (select id from replicas where stopped_at is not null)"))
            .ShouldBe(0, "no lease of the stopped one is left");

        await crowds;
        await _service.IdleAsync(60);
        var report = await _service.CheckAsync();
        report.Acknowledged.ShouldBe(320);
        report.ShouldBeClean();
    }

    private async Task<(HttpStatusCode, string)> AnswerAsync(AppProcess app, Dictionary<string, string> fields)
    {
        using var response = await _service.Webhooks.PostAsync(app, SignedWebhooks.Receive, fields);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
