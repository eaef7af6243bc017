using System.Diagnostics;
using SmsAi.Bench.Loopback;
using SmsAi.Tests.Journeys;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>RF-05, RF-16, RF-18: a carrier whose list is away, whose reports come in any order, and that refuses for all its reasons.</summary>
[Collection(FaultCollection.Name)]
public sealed class Carriers(TwoReplicas two)
{
    [Fact]
    public async Task RF05_While_the_carriers_list_is_away_an_uncertain_text_waits_and_is_never_sent_again()
    {
        using var run = new FaultRun("RF-05", "reconcile source down");
        var service = await two.BeginAsync();
        var people = FaultRun.Size(10, 200);
        var away = FaultRun.Size(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(30));
        service.Carrier.Script.Decide = _ => CarrierAct.AcceptThenReset;
        service.Carrier.Script.Receipts = _ => ReceiptPlans.Never;
        service.Carrier.Script.IsListAway = true;
        run.Caused("the carrier resets each send, and its list answers 503");
        await service.Driver.CrowdAsync(() => two.A, people, each: 1, first: 4000);
        await Task.Delay(away);
        (await CountAsync(service, "state in ('sending', 'uncertain')")).ShouldBe(people, "all are shown as uncertain");
        service.Driver.Requests.Count(request => request.Send is not null).ShouldBe(people, "nothing was sent again");
        service.Carrier.Script.IsListAway = false;
        run.Caused("its list is back");
        var back = Stopwatch.GetTimestamp();
        await service.IdleAsync(30);
        var took = Stopwatch.GetElapsedTime(back);
        var report = await service.CheckAsync();
        run.Note(report);
        run.Note("all resolved after the list's return, s", Math.Round(took.TotalSeconds, 1));
        report.ShouldBeClean();
        report.Recovered.ShouldBe(people);
        took.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        two.Pass(run);
    }

    [Fact]
    public async Task RF05_A_text_that_stays_uncertain_too_long_is_given_to_a_person()
    {
        Assert.SkipUnless(FaultRun.IsLong, "Its parts are among RoadTests.");
        using var run = new FaultRun("RF-05b", "reconcile source down for good");
        await using var service = await Service.PrepareAsync();
        service.Settings["Queue:UncertainAtMost"] = "00:00:10";
        var app = await service.AddReplicaAsync();
        service.Carrier.Script.Decide = _ => CarrierAct.AcceptThenReset;
        service.Carrier.Script.Receipts = _ => ReceiptPlans.Never;
        service.Carrier.Script.IsListAway = true;
        await service.Driver.CrowdAsync(() => app, people: 20, each: 1);
        await service.IdleAsync(60);
        service.Carrier.Script.IsListAway = false;
        await Task.Delay(TimeSpan.FromSeconds(5));
        var report = await service.CheckAsync();
        run.Note(report);
        (await CountAsync(service, "state = 'needs_person'")).ShouldBe(20);
        report.DeadLetters.Count.ShouldBe(20);
        service.Driver.Requests.Count(request => request.Send is not null).ShouldBe(20, "never sent by itself");
        run.Passed();
    }

    [Fact]
    public async Task RF16_However_reports_come_each_text_ends_in_the_best_state_it_was_reported_in()
    {
        using var run = new FaultRun("RF-16", "status callbacks");
        var service = await two.BeginAsync();
        var people = FaultRun.Size(30, 500);
        var soon = TimeSpan.FromMilliseconds(20);
        (string Ends, IReadOnlyList<ReceiptStep> Plan)[] plans =
        [
            ("delivered", ReceiptPlans.Delivered(soon)), ("delivered", ReceiptPlans.Delivered(soon)), ("undelivered", ReceiptPlans.Undelivered(soon, 30003)),
        ];
        List<(string Ends, IReadOnlyList<ReceiptStep> Plan)> chosen = [];
        while (chosen.Count < people)
        {
            var (ends, plan) = plans[run.Random.Next(plans.Length)];
            chosen.Add(run.Random.Next(20) switch
            {
                0 => ("sent", ReceiptPlans.Never),
                < 5 => ("delivered", ReceiptPlans.Early(soon)),
                _ => (ends, ReceiptPlans.Shuffled(plan, run.Random)),
            });
        }

        service.Carrier.Script.Receipts = text => chosen[int.Parse(text.To[^4..], System.Globalization.CultureInfo.InvariantCulture) - 6000].Plan;
        await service.Driver.CrowdAsync(() => two.A, people, each: 1, first: 6000);
        for (var unknown = 0; unknown < people / 20; unknown++)
        {
            using var response = await service.Webhooks.PostAsync(two.B, "/sms/status?m=987654321", service.Webhooks.StatusOf("SM" + new string('e', 32), "+12025550199", "delivered"));
            response.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        }

        var expected = chosen.Select((plan, person) => $"{RoadDriver.BodyOf(6000 + person, 0)} {plan.Ends}").ToList();
        List<string> seen = [];
        await Until.TrueAsync(
            async () =>
            {
                var states = (await service.Database.ListAsync<string>("select sid || ' ' || state from messages where direction = 'out' and sid is not null and created_at >= $1", service.Driver.BeganAt))
                    .Select(row => row.Split(' ')).ToDictionary(row => row[0], row => row[1]);
                seen = [.. service.Driver.Accepted.Select(text => $"{text.Body["Echo: ".Length..]} {states.GetValueOrDefault(text.Sid, "unknown")}").Order()];
                return seen.SequenceEqual(expected);
            },
            () => "each state is the best one; not so: " + string.Join(", ", seen.Except(expected)), 60);
        await service.IdleAsync();
        var report = await service.CheckAsync();
        run.Note(report);
        run.Note("texts nobody ever reported on", chosen.Count(plan => plan.Plan.Count == 0));
        report.ShouldBeClean();
        // Nobody tells of these; we ask, every five seconds here.
        if (FaultRun.IsLong)
            await Until.TrueAsync(() => chosen.Count(plan => plan.Plan.Count == 0) <= Fetches(service), "the carrier is asked about what it never reported on", 40);
        two.Pass(run);
    }

    [Fact]
    public async Task RF18_Whatever_the_carrier_answers_no_text_is_lost_and_none_is_sent_twice()
    {
        Assert.SkipUnless(FaultRun.IsLong, "Its parts are among RoadTests and the carrier's own tests.");
        using var run = new FaultRun("RF-18", "provider errors");
        var service = await two.BeginAsync();
        var isOver = false;
        var crowd = service.Driver.CrowdAsync(() => two.A, people: 40, each: 1, first: 7000, perSecond: 20, goesOn: () => !isOver);
        await Task.Delay(2000);
        var usual = SendsIn(service, TimeSpan.FromSeconds(2));
        service.Carrier.Script.Decide = _ => CarrierAct.TooFast(2);
        run.Caused("429, Retry-After 2 s");
        await Task.Delay(10_000);
        var throttled = SendsIn(service, TimeSpan.FromSeconds(2));
        service.Carrier.Script.Decide = null;
        run.Caused("the carrier takes texts again");
        isOver = true;
        await crowd;
        await service.IdleAsync(60);
        run.Note("sends in 2 s before and at the end of the 429s", $"{usual} and {throttled}");

        service.Carrier.Script.Decide = _ => CarrierAct.Refuse(20003, 401);
        var before = service.Driver.Requests.Count;
        run.Caused("20003, our account is refused");
        await service.Driver.CrowdAsync(() => two.A, people: 40, each: 1, first: 7100);
        await Task.Delay(3000);
        var refused = service.Driver.Requests.Skip(before).Count(request => request.Send is not null);
        service.Carrier.Script.Decide = null;
        run.Caused("our account is good again");
        run.Note("sends at a refused account, 40 texts waiting", refused);
        await service.IdleAsync(120);

        await service.Carrier.LeaveAsync();
        run.Caused("connections to the carrier are refused for 20 s");
        await service.Driver.CrowdAsync(() => two.A, people: 40, each: 1, first: 7200);
        await Task.Delay(TimeSpan.FromSeconds(20));
        await service.Carrier.ReturnAsync();
        await service.IdleAsync(60);

        var report = await service.CheckAsync();
        run.Note(report);
        report.ShouldBeClean();
        throttled.ShouldBeLessThanOrEqualTo(usual / 2 + 2);
        refused.ShouldBeLessThanOrEqualTo(45, "the answers in flight, and then no more");
        two.Pass(run);
    }

    private static int Fetches(Service service) =>
        service.Driver.Requests.Count(request => request.Method == "GET" && !request.Target.Contains("To=", StringComparison.Ordinal));

    private static int SendsIn(Service service, TimeSpan last) =>
        service.Driver.Requests.Count(request => request.Send is not null && request.ArrivedAt > DateTimeOffset.UtcNow - last);

    private static Task<long> CountAsync(Service service, string condition) =>
        service.Database.ScalarAsync<long>($"select count(*) from messages where direction = 'out' and {condition} and created_at >= $1", service.Driver.BeganAt);
}
