using System.Net;
using SmsAi.Bench.Loopback;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Faults;

namespace SmsAi.Tests.Journeys;

/// <summary>Receipts come early, late, twice and in any order; what is known of a text only ever gets better.</summary>
[Collection(JourneyCollection.Name)]
public sealed class ReceiptsJourney(RunningService running) : IClassFixture<RunningService>
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private static readonly (string Ends, IReadOnlyList<ReceiptStep> Plan)[] Plans =
    [
        ("delivered", ReceiptPlans.Delivered(Soon)),
        ("delivered", ReceiptPlans.Early(Soon)),
        ("delivered", [new("delivered", null, TimeSpan.Zero, IsBeforeAnswer: true), new("sent", null, Soon)]),
        ("delivered", [new("delivered", null, Soon), new("sent", null, Soon), new("sending", null, Soon), new("queued", null, Soon)]),
        ("delivered", [new("undelivered", 30003, Soon), new("delivered", null, Soon), new("undelivered", 30003, Soon)]),
        ("read", [new("read", null, Soon), new("delivered", null, Soon), new("sent", null, Soon)]),
        ("undelivered", [new("undelivered", 30005, Soon), new("sent", null, Soon), new("sent", null, Soon)]),
        ("failed", [new("failed", 30006, TimeSpan.Zero, IsBeforeAnswer: true), new("sent", null, Soon)]),
        ("sent", [new("sending", null, Soon), new("queued", null, Soon)]),
        ("sent", ReceiptPlans.Never),
    ];

    private Service Service => running.Service;

    [Fact]
    public async Task Every_text_ends_in_the_best_state_it_was_reported_in()
    {
        const int rounds = 4;
        // The seed is fixed, so that a failure can be had again.
        var random = new Random(20260309);
        var shuffled = Plans.Select(plan => (plan.Ends, Plan: plan.Plan)).ToList();
        for (var round = 1; round < rounds; round++)
            shuffled.AddRange(Plans.Select(plan => (plan.Ends, ReceiptPlans.Shuffled([.. plan.Plan.Select(step => step with { IsBeforeAnswer = false })], random))));
        Service.Carrier.Script.Receipts = text => shuffled[int.Parse(text.To[^4..], System.Globalization.CultureInfo.InvariantCulture)].Plan;

        await Service.Driver.CrowdAsync(() => Service.App, people: shuffled.Count, each: 1);
        var expected = shuffled.Select((plan, person) => $"{RoadDriver.BodyOf(person, 0)} {plan.Ends}").ToList();
        List<string> seen = [];
        await Until.TrueAsync(
            async () =>
            {
                var states = (await Service.Database.ListAsync<string>("select sid || ' ' || state from messages where direction = 'out' and sid is not null"))
                    .Select(row => row.Split(' ')).ToDictionary(row => row[0], row => row[1]);
                seen = [.. Service.Carrier.Ledger.Accepted.Select(text => $"{text.Body["Echo: ".Length..]} {states.GetValueOrDefault(text.Sid, "unknown")}").Order()];
                return seen.SequenceEqual(expected);
            },
            () => "each state is the best one; not so: " + string.Join(", ", seen.Except(expected)));

        var before = seen;
        await Service.IdleAsync();
        seen.ShouldBe(before);
        Service.Carrier.FailedReports.ShouldBe(0);
    }

    [Fact]
    public async Task A_report_about_nothing_of_ours_is_taken_counted_and_forgotten()
    {
        var messages = await Service.Database.ScalarAsync<long>("select count(*) from messages");
        foreach (var path in (string[])["/sms/status?m=987654321", "/sms/status", "/sms/status?m=not-a-number"])
        {
            using var response = await Service.Webhooks.PostAsync(Service.App, path, Service.Webhooks.StatusOf("SM" + new string('f', 32), "+12025550199", "delivered"));
            response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
            (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
        }

        (await Service.Database.ScalarAsync<long>("select count(*) from messages")).ShouldBe(messages);
        await Until.TrueAsync(async () => await Service.Database.ScalarAsync<long>("select count(*) from webhook_log where path = '/sms/status'") > 0, "it is counted");
    }
}
