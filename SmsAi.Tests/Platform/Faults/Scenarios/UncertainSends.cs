using SmsAi.Bench.Loopback;
using SmsAi.Tests.Platform.Faults.Points;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>RF-02 to RF-06: nobody knows whether the text left. It is looked up before it is sent again.</summary>
[Collection(FaultCollection.Name)]
public sealed class UncertainSends(TwoReplicas two)
{
    /// <summary>The settings' own: lease 2 s, settle 2.2 s.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2.2);

    private static readonly TimeSpan LeaseAndSettle = TimeSpan.FromSeconds(4.2);

    [Fact]
    public Task RF02_A_replica_that_dies_after_the_carriers_answer_sends_nothing_twice() => DieAsync(
        new FaultRun("RF-02", "die between the carrier's answer and our commit"), FaultPoints.AfterCarrier, "found");

    [Fact]
    public Task RF03_A_replica_that_dies_before_it_calls_the_carrier_loses_nothing() => DieAsync(
        new FaultRun("RF-03", "die after \"sending\" is committed, before the carrier is called"), FaultPoints.BeforeCarrier, "absent");

    [Theory]
    [InlineData("a", "holds the answer")]
    [InlineData("b", "resets the connection")]
    [InlineData("c", "answers 500")]
    [InlineData("d", "does any of these, half the time")]
    public async Task RF04_A_carrier_that_takes_a_text_and_does_not_say_so_gets_it_once(string form, string what)
    {
        Assert.SkipUnless(FaultRun.IsLong || form != "d", "The others are its parts.");
        using var run = new FaultRun("RF-04" + form, "the carrier takes the text and " + what);
        var service = await two.BeginAsync();
        var people = FaultRun.Size(10, 200);
        CarrierAct[] acts = [CarrierAct.AcceptThenHang, CarrierAct.AcceptThenReset, CarrierAct.AcceptThenError];
        var ambiguous = 0;
        service.Carrier.Script.Decide = _ =>
        {
            lock (run.Random)
            {
                if (form == "d" && run.Random.Next(2) == 0)
                    return CarrierAct.Accept;
                Interlocked.Increment(ref ambiguous);
                return form == "d" ? acts[run.Random.Next(acts.Length)] : acts["abc".IndexOf(form[0], StringComparison.Ordinal)];
            }
        };
        // No receipt gives the secret away: the list alone must.
        service.Carrier.Script.Receipts = _ => ReceiptPlans.Never;
        await service.Driver.CrowdAsync(() => two.A, people, each: 1, first: Crowd);
        await Until.TrueAsync(() => service.Driver.Accepted.Count >= people, "the carrier has all", 60);
        await service.IdleAsync(60);

        var report = await service.CheckAsync();
        run.Note(report);
        var sends = service.Driver.Requests.Where(request => request.Send is not null).ToList();
        var looks = service.Driver.Requests.Count(request => request.Method == "GET" && request.Target.Contains("To=", StringComparison.Ordinal));
        run.Note("requests to send", sends.Count);
        run.Note("ambiguous answers", ambiguous);
        run.Note("looks into the carrier's list", looks);
        report.ShouldBeClean();
        sends.GroupBy(request => request.Send!.MessageId).Max(requests => requests.Count()).ShouldBe(1, "one request for each text");
        looks.ShouldBeGreaterThanOrEqualTo(ambiguous);
        report.Recovered.ShouldBe(ambiguous);
        two.Pass(run);
    }

    /// <summary>Every point of the road, one after another: what was in hand there is finished by the other replica.</summary>
    [Fact]
    public async Task A_replica_that_dies_at_any_point_of_the_road_loses_nothing_and_repeats_nothing()
    {
        Assert.SkipUnless(FaultRun.IsLong, "Two of its points are RF-02 and RF-03.");
        using var run = new FaultRun("RF-03b", "die at every point of the road");
        var service = await two.BeginAsync();
        string[] points =
        [
            FaultPoints.BeforeIntakeCommit, FaultPoints.AfterIntakeCommit, FaultPoints.BeforeModel, FaultPoints.AfterModel, FaultPoints.AfterGateCommit,
            FaultPoints.BeforeCarrier, FaultPoints.AfterCarrier, FaultPoints.BeforeSentCommit, FaultPoints.AfterSentCommit,
        ];
        var crowds = 0;
        foreach (var point in points)
        {
            if (two.A.HasEnded)
                await service.ReplaceAsync(two.A);
            await two.A.ArmAsync(new FaultPlan(point, FaultAction.Abort) { Time = TimeSpan.FromMilliseconds(200) });
            // Whoever got no 200 is brought to the other replica.
            await service.Driver.CrowdAsync(() => two.A.HasEnded ? two.B : two.A, people: 50, each: 1, first: 5000 + 50 * crowds++);
            (await two.A.ExitCodeAsync(TimeSpan.FromSeconds(20))).ShouldNotBe(0);
            run.Caused($"replica A aborts at {point}");
            await service.IdleAsync(60);
        }

        var report = await service.CheckAsync();
        run.Note(report);
        report.ShouldBeClean();
        report.Acknowledged.ShouldBe(50 * points.Length);
        two.Pass(run);
    }

    private const int Crowd = 1000;

    private async Task DieAsync(FaultRun run, string point, string recovered)
    {
        using var _ = run;
        var service = await two.BeginAsync();
        var (people, rounds) = FaultRun.Size((10, 1), (25, 4));
        service.Carrier.Script.Receipts = _ => ReceiptPlans.Never;
        for (var round = 0; round < rounds; round++)
        {
            if (two.A.HasEnded)
                await service.ReplaceAsync(two.A);
            await two.A.ArmAsync(new FaultPlan(point, FaultAction.Abort) { Gather = people });
            await service.Driver.CrowdAsync(() => two.A, people, each: 1, first: Crowd + round * people);
            (await two.A.ExitCodeAsync(TimeSpan.FromSeconds(20))).ShouldNotBe(0);
            run.Caused($"replica A aborts at {point} with {people} texts in hand");
            await Until.TrueAsync(async () => await SentAsync(service) == (round + 1) * people, "the other replica has sent what was left", 30);
        }

        await service.IdleAsync();
        var report = await service.CheckAsync();
        run.Note(report);
        var took = await service.Database.ListAsync<TimeSpan>("select sent_at - sending_at from messages where direction = 'out' and created_at >= $1 order by 1", service.Driver.BeganAt);
        run.Note("sending to sent, longest ms", Math.Round(took[^1].TotalMilliseconds));
        report.ShouldBeClean();
        report.Accepted.ShouldBe(rounds * people);
        var resolved = await service.Database.ListAsync<string>("select coalesce(recovered, 'none') from messages where direction = 'out' and created_at >= $1", service.Driver.BeganAt);
        var inHand = resolved.Count(how => how == recovered);
        run.Note($"in hand at the abort, then looked up and {recovered}", inHand);
        // On a slow machine the other replica may have answered a few meanwhile.
        resolved.ShouldAllBe(how => how == recovered || how == "none");
        inHand.ShouldBeGreaterThanOrEqualTo(rounds * people * 4 / 5);
        if (recovered == "absent")
            (await EarliestRepeatAsync(service)).ShouldBeGreaterThan(Settle, "nothing is sent again before the carrier's list can be trusted");
        else
            took[^1].ShouldBeLessThan(LeaseAndSettle + TimeSpan.FromSeconds(1));
        two.Pass(run);
    }

    // From the "sending" before the last to the last: earlier ones of a replica only renewed a gate that had grown old.
    private static async Task<TimeSpan> EarliestRepeatAsync(Journeys.Service service) => await service.Database.ScalarAsync<TimeSpan>(
        """
        select min(since) from (
          select distinct on (data ->> 'm') created_at - lag(created_at) over (partition by data ->> 'm' order by id) as since
          from events where type = 'sending' and created_at >= $1 order by data ->> 'm', id desc) last
        """, service.Driver.BeganAt);

    private static Task<long> SentAsync(Journeys.Service service) =>
        service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'out' and state = 'sent' and created_at >= $1", service.Driver.BeganAt);
}
