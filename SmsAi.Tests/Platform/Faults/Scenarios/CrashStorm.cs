using System.Diagnostics;
using SmsAi.Bench.Loopback;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>RF-01 and RF-06: replicas killed at random, again and again. In plain <c>./test</c> the road's journey kills one amid 500 texts.</summary>
[Collection(FaultCollection.Name)]
public sealed class CrashStorm(TwoReplicas two)
{
    private const int People = 60;
    private const int Kills = 25;
    private const string SameWords = "The same words for everybody.";

    private static readonly TimeSpan LeaseAndSettle = TimeSpan.FromSeconds(4.2);

    [Theory]
    [InlineData("RF-01", "crash storm", false)]
    [InlineData("RF-06", "crash storm with the same words for everybody", true)]
    public async Task Replicas_killed_at_random_lose_nothing_repeat_nothing_and_keep_the_order(string id, string title, bool sameWords)
    {
        Assert.SkipUnless(FaultRun.IsLong, "Its short form is A_replica_killed_amid_500_texts_loses_none_and_repeats_none.");
        using var run = new FaultRun(id, title);
        var service = await two.BeginAsync();
        var (script, random) = (service.Carrier.Script, run.Random);
        script.LatencyBefore = script.LatencyAfter = () => TimeSpan.FromMilliseconds(Random.Shared.Next(1, 30));
        service.Model.Latency = () => TimeSpan.FromMilliseconds(Random.Shared.Next(5, 60));
        if (sameWords)
            service.Model.Decide = _ => ModelAct.Answer(SameWords);
        service.Driver.TwiceEvery = 10;

        var storm = true;
        var crowd = service.Driver.CrowdAsync(() => service.Replicas[Random.Shared.Next(2)], People, each: 15, TimeSpan.FromSeconds(120), perSecond: 60, goesOn: () => storm);
        for (var kill = 0; kill < Kills; kill++)
        {
            // A process that is still starting holds nothing that a kill could hurt; and a text that is in hand at every kill is rightly
            // taken for their cause.
            var moved = service.Driver.Accepted.Count + 15;
            await Until.TrueAsync(() => service.Driver.Accepted.Count >= moved, "answers leave between two kills", 60);
            var ready = await ReadyAsync(service);
            await Task.Delay(random.Next(300, 700));
            var victim = ready[random.Next(ready.Count)];
            run.Caused($"kill {(victim == two.A ? "A" : "B")}");
            await service.RelaunchAsync(victim);
        }

        var killed = Stopwatch.GetTimestamp();
        storm = false;
        await crowd;
        var rest = Stopwatch.GetTimestamp();
        // One conversation's texts go one after another, each with a model and a carrier to wait for.
        var longest = await service.Database.ScalarAsync<int>("select max(pending)::int from conversations");
        await service.IdleAsync(60);
        var (drain, sinceKill) = (Stopwatch.GetElapsedTime(rest), Stopwatch.GetElapsedTime(killed));

        var report = await service.CheckAsync();
        run.Note(sameWords ? report with { Lost = [], Duplicated = [], Unexpected = [], Reordered = [] } : report);
        run.Note("kills", Kills);
        run.Note("texts waiting in one conversation then, at most", longest);
        run.Note("drain after the last text, s", Math.Round(drain.TotalSeconds, 1));
        run.Note("from the last kill to idle, s", Math.Round(sinceKill.TotalSeconds, 1));
        report.Acknowledged.ShouldBe(report.Attempted);
        report.Attempted.ShouldBeGreaterThanOrEqualTo(900);
        if (sameWords)
        {
            report.Accepted.ShouldBe(report.Attempted);
            report.Unbound.ShouldBeEmpty();
            report.Unkept.ShouldBeEmpty();
        }
        else
        {
            report.ShouldBeClean();
        }

        report.Questions.ShouldBeLessThanOrEqualTo(report.Attempted + Kills * People);
        drain.ShouldBeLessThan(LeaseAndSettle + TimeSpan.FromSeconds(2.3 + 0.25 * longest));
        two.Pass(run);
    }

    private static async Task<List<AppProcess>> ReadyAsync(Journeys.Service service)
    {
        List<AppProcess> ready = [];
        await Until.TrueAsync(
            async () =>
            {
                ready.Clear();
                foreach (var replica in service.Replicas)
                {
                    if (await replica.StatusAsync("/ready") == System.Net.HttpStatusCode.OK)
                        ready.Add(replica);
                }

                return ready.Count > 0;
            },
            "a replica is ready", 60);
        return ready;
    }
}
