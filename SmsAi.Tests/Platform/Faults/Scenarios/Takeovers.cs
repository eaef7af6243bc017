using System.Net;
using SmsAi.Bench.Loopback;
using SmsAi.Tests.Platform.Faults.Points;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>RF-11, RF-14, RF-15: two replicas at one conversation, and the same webhook to both.</summary>
[Collection(FaultCollection.Name)]
public sealed class Takeovers(TwoReplicas two)
{
    [Fact]
    public async Task RF11_A_replica_frozen_beyond_its_lease_changes_nothing_when_it_wakes()
    {
        using var run = new FaultRun("RF-11", "zombie worker");
        var service = await two.BeginAsync();
        service.Model.Latency = () => TimeSpan.FromMilliseconds(Random.Shared.Next(5, 60));
        service.Carrier.Script.LatencyBefore = service.Carrier.Script.LatencyAfter = () => TimeSpan.FromMilliseconds(Random.Shared.Next(1, 30));
        AppProcess? frozen = null;
        var isOver = false;
        var turn = 0;
        // What stands before the replicas sends no more to one that doesn't answer.
        var crowd = service.Driver.CrowdAsync(
            () => Interlocked.Increment(ref turn) % 2 == 0 && frozen != two.A || frozen == two.B ? two.A : two.B, people: 30, each: 1, perSecond: 20, goesOn: () => !isOver);
        for (var freeze = 0; freeze < FaultRun.Size(2, 16); freeze++)
        {
            await Task.Delay(run.Random.Next(500, 1000));
            frozen = freeze % 2 == 0 ? two.A : two.B;
            frozen.Freeze();
            run.Caused($"{(freeze % 2 == 0 ? "A" : "B")} is frozen for 3.2 s");
            await Task.Delay(3200);
            frozen.Thaw();
            frozen = null;
        }

        isOver = true;
        await crowd;
        await service.IdleAsync(60);
        var report = await service.CheckAsync();
        // One that wakes between its claim and its question asks in vain: it finds out when it wants to write.
        var inVain = report.Overlapping.Count;
        report = report with { Overlapping = [] };
        run.Note(report);
        run.Note("questions asked in vain by a replica that woke", inVain);
        run.Note("late results that changed nothing", service.Replicas.Sum(replica => replica.Output.Split('\n').Count(line => line.Contains("lease_lost", StringComparison.Ordinal))));
        report.ShouldBeClean();
        report.Acknowledged.ShouldBe(report.Attempted);
        two.Pass(run);
    }

    /// <summary>It stood still between the gate and the carrier for so long that the other replica has looked for its texts in vain, twice, and sent them.</summary>
    [Fact]
    public async Task RF11_A_replica_frozen_before_it_writes_to_the_carrier_sends_nothing_when_it_wakes()
    {
        using var run = new FaultRun("RF-11b", "frozen at the carrier's door");
        var service = await two.BeginAsync();
        service.Carrier.Script.Receipts = _ => ReceiptPlans.Never;
        var (people, rounds) = FaultRun.Size((10, 1), (25, 4));
        for (var round = 0; round < rounds; round++)
        {
            var sent = round * (people + 1) + people;
            await two.A.ArmAsync(new FaultPlan(FaultPoints.BeforeCarrier, FaultAction.Freeze) { Gather = people });
            await service.Driver.CrowdAsync(() => two.A, people, each: 1, first: 3200 + round * people);
            await Until.TrueAsync(() => service.Driver.Accepted.Count == sent, "the other replica has sent what was in hand", 30);
            run.Caused($"A stood still with {people} texts in hand until the other replica had sent them");
            two.A.Thaw();
            await two.A.ArmAsync();
            // What it had in hand would have left long before the answer to this.
            await service.Driver.TextAsync(() => two.A, RoadDriver.NumberOf(3199), RoadDriver.BodyOf(3199, round), TimeSpan.FromSeconds(30));
            await Until.TrueAsync(() => service.Driver.Accepted.Count(text => text.To == RoadDriver.NumberOf(3199)) == round + 1, "it is awake and answers");
        }

        await service.IdleAsync();
        var report = await service.CheckAsync();
        run.Note(report);
        report.ShouldBeClean();
        report.Accepted.ShouldBe(rounds * (people + 1));
        two.Pass(run);
    }

    [Fact]
    public async Task RF14_A_webhook_delivered_again_and_again_is_one_text()
    {
        Assert.SkipUnless(FaultRun.IsLong, "Its short form is The_same_webhook_fifty_times_at_once_to_two_replicas_gives_one_answer.");
        using var run = new FaultRun("RF-14", "duplicate and concurrent delivery; SA-02 replay");
        var service = await two.BeginAsync();
        var text = await service.Driver.TextAsync(() => two.A, RoadDriver.NumberOf(3000), "only once");
        var at = await Task.WhenAll(Enumerable.Range(0, 50).Select(time => service.Driver.BringAsync(service.Replicas[time % 2], text)));
        await Until.TrueAsync(() => service.Driver.Accepted.Count > 0, "it is answered");
        await service.IdleAsync();
        var after = new List<HttpStatusCode?>();
        for (var batch = 0; batch < 20; batch++)
            after.AddRange(await Task.WhenAll(Enumerable.Range(0, 50).Select(time => service.Driver.BringAsync(service.Replicas[time % 2], text))));
        run.Caused("50 deliveries at once, and 1,000 after the answer");
        await service.IdleAsync();
        var report = await service.CheckAsync();
        run.Note(report);
        at.Concat(after).Distinct().ShouldBe([HttpStatusCode.OK]);
        report.ShouldBeClean();
        (report.Accepted, report.Questions).ShouldBe((1, 1));

        // 91 days on, as retention leaves it: nothing readable is left of the texts, and only their ids are known.
        var conversation = await service.Database.ScalarAsync<long>("select conversation_id from messages where sid = $1 and direction = 'in'", text.Sid);
        await service.Database.ExecuteAsync(
            "update messages set sid = null, key_id = null, body_cipher = null, fields_cipher = null, content_hash = null where conversation_id = $1", conversation);
        await service.Database.ExecuteAsync("update message_sids set created_at = created_at - interval '91 days' where twilio_sid = $1", text.Sid);
        run.Caused("91 days later, the texts anonymised, it is delivered again");
        var late = await Task.WhenAll(Enumerable.Range(0, 50).Select(time => service.Driver.BringAsync(service.Replicas[time % 2], text)));
        await service.IdleAsync();
        late.Distinct().ShouldBe([HttpStatusCode.OK]);
        (service.Driver.Accepted.Count, service.Driver.Questions.Count).ShouldBe((1, 1));
        (await service.Database.ScalarAsync<long>("select count(*) from messages where conversation_id = $1", conversation)).ShouldBe(2);

        await ReplaceTokenAsync(run, service, text);
        service.Driver.Accepted.Count.ShouldBe(1);
        two.Pass(run);
    }

    // SA-02: the same request while both tokens hold, and once the one it was signed with has left.
    private static async Task ReplaceTokenAsync(FaultRun run, Journeys.Service service, PostedText text)
    {
        var settings = new Dictionary<string, string>(service.Settings, StringComparer.OrdinalIgnoreCase)
        {
            ["Twilio:AuthToken"] = new string('9', 32),
            ["Twilio:SecondaryAuthToken"] = service.Carrier.AuthToken,
        };
        await using (var both = await AppProcess.StartAsync(settings))
            (await service.Driver.BringAsync(both, text)).ShouldBe(HttpStatusCode.OK);
        run.Caused("the token it was signed with is the second one");
        settings.Remove("Twilio:SecondaryAuthToken");
        await using var fresh = await AppProcess.StartAsync(settings);
        (await service.Driver.BringAsync(fresh, text)).ShouldBe(HttpStatusCode.Forbidden);
        run.Caused("that token has left");
    }

    [Theory]
    [InlineData("a", 0)]
    [InlineData("b", 1)]
    public async Task RF15_A_text_that_commits_late_never_runs_beside_another_of_its_conversation(string form, int late)
    {
        using var run = new FaultRun("RF-15" + form, $"replica {"AB"[late]} commits out of order");
        var service = await two.BeginAsync();
        var (slow, fast) = (service.Replicas[late], service.Replicas[1 - late]);
        var robin = RoadDriver.NumberOf(3100 + late);
        // A text before makes her known to both, so that neither waits for her row.
        await service.Driver.TextAsync(() => slow, robin, "hello");
        await service.Driver.TextAsync(() => fast, robin, "hello again");
        await Until.TrueAsync(() => service.Driver.Accepted.Count == 2, "both are answered");
        await service.IdleAsync();

        service.Model.Latency = () => TimeSpan.FromSeconds(2);
        var reached = (await slow.ReachedAsync()).GetValueOrDefault(FaultPoints.BeforeIntakeCommit);
        await slow.ArmAsync(new FaultPlan(FaultPoints.BeforeIntakeCommit, FaultAction.Delay) { Time = TimeSpan.FromSeconds(1) });
        var first = service.Driver.TextAsync(() => slow, robin, "first");
        await Until.TrueAsync(async () => (await slow.ReachedAsync()).GetValueOrDefault(FaultPoints.BeforeIntakeCommit) > reached, "the first text's id is taken");
        await service.Driver.TextAsync(() => fast, robin, "second");
        run.Caused("the second text commits before the first");
        await first;
        await Until.TrueAsync(() => service.Driver.Questions.Count(question => question.EndedAt is not null) >= 4, "the model was asked for both", 30);
        var runs = await service.CheckAsync();
        runs.Overlapping.ShouldBeEmpty(runs.ToString());

        await service.IdleAsync();
        // Whichever commits first goes first; that is the order here.
        var report = await service.CheckAsync() with { Reordered = [] };
        run.Note(report);
        report.ShouldBeClean();
        service.Driver.Accepted.Select(text => text.Body).ShouldBe(["Echo: hello", "Echo: hello again", "Echo: second", "Echo: first"]);
        two.Pass(run);
    }
}
