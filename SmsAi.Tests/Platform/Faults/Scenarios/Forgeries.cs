using System.Diagnostics;
using System.Net;
using SmsAi.Bench.Loopback;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>SA-01's flood; each single forgery is a case of ForgedWebhooksJourney.</summary>
[Collection(FaultCollection.Name)]
public sealed class Forgeries(TwoReplicas two)
{
    [Fact]
    public async Task SA01_A_flood_of_forgeries_keeps_no_signed_text_waiting_and_leaves_no_row()
    {
        using var run = new FaultRun("SA-01", "flood of forged webhooks");
        var service = await two.BeginAsync();
        var (forgeries, perSecond, texts) = FaultRun.Size((300, 166, 40), (10_000, 166, 600));
        await service.Driver.CrowdAsync(() => two.A, people: 20, each: 2, first: 9000);
        var usual = RoadDriver.Tail(service.Driver.Log);
        var seen = service.Driver.Log.Count;
        var flood = FloodAsync(service, forgeries, perSecond);
        await service.Driver.CrowdAsync(() => two.A, people: 20, each: texts / 20, first: 9100, perSecond: 10 * FaultRun.Size(2, 1));
        var answers = await flood;
        run.Caused($"{forgeries} forgeries, {perSecond} a second");
        var during = RoadDriver.Tail(service.Driver.Log.Skip(seen));
        await service.IdleAsync();
        var report = await service.CheckAsync();
        run.Note(report);
        run.Note("webhook p99 before, ms", Math.Round(usual.TotalMilliseconds));
        run.Note("webhook p99 during the flood, ms", Math.Round(during.TotalMilliseconds));
        answers.Distinct().ShouldBe([HttpStatusCode.Forbidden]);
        report.ShouldBeClean();
        report.Questions.ShouldBe(report.Attempted, "no forgery reached the model");
        (await service.Database.ScalarAsync<long>("select count(*) from messages where direction = 'in' and created_at >= $1", service.Driver.BeganAt)).ShouldBe(report.Attempted);
        two.Pass(run);
    }

    [Fact]
    public async Task SA17_Forwarded_headers_move_no_signed_address()
    {
        using var run = new FaultRun("SA-17", "forwarded headers");
        var service = await two.BeginAsync();
        const string elsewhere = "https://evil.example";
        var fields = service.Webhooks.FieldsOf(service.Carrier.KeepInbound(RoadDriver.NumberOf(9998), "signed for us"));
        (await PostAsync(TwilioSigner.Sign(elsewhere + SignedWebhooks.Receive, fields, service.Carrier.AuthToken))).ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(service.Webhooks.Sign(SignedWebhooks.Receive, fields))).ShouldBe(HttpStatusCode.OK);
        await Until.TrueAsync(() => service.Driver.Accepted.Count == 1, "the one signed for our own address is answered");
        await service.IdleAsync();
        run.Note("signed for the forwarded address", "refused");
        run.Note("signed for ours", "taken");
        two.Pass(run);

        async Task<HttpStatusCode> PostAsync(string signature)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, SignedWebhooks.Receive) { Content = new FormUrlEncodedContent(fields) };
            request.Headers.Add("X-Twilio-Signature", signature);
            request.Headers.Add("X-Forwarded-Host", "evil.example");
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            request.Headers.Add("X-Real-IP", "203.0.113.9");
            request.Headers.Add("Forwarded", "for=203.0.113.9;host=evil.example;proto=https");
            using var response = await service.App.Http.SendAsync(request);
            return response.StatusCode;
        }
    }

    private static async Task<List<HttpStatusCode>> FloodAsync(Journeys.Service service, int forgeries, int perSecond)
    {
        var started = Stopwatch.GetTimestamp();
        var fields = service.Webhooks.FieldsOf(new LoopbackText
        {
            Sid = "SM" + new string('d', 32),
            Number = 0,
            IsInbound = true,
            From = RoadDriver.NumberOf(9999),
            To = service.Carrier.Number,
            Body = "forged",
            At = DateTimeOffset.UtcNow,
        });
        List<Task<HttpStatusCode>> posts = [];
        for (var one = 0; one < forgeries; one++)
        {
            if (TimeSpan.FromSeconds(one / (double)perSecond) - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
                await Task.Delay(early);
            posts.Add(ForgeAsync(service, fields));
        }

        return [.. await Task.WhenAll(posts)];
    }

    private static async Task<HttpStatusCode> ForgeAsync(Journeys.Service service, Dictionary<string, string> fields)
    {
        using var content = new FormUrlEncodedContent(fields);
        using var response = await SignedWebhooks.PostAsync(service.App, SignedWebhooks.Receive, content, "bm90IHRoZSBjYXJyaWVyJ3M=");
        return response.StatusCode;
    }
}
