using System.Diagnostics;
using System.Net;
using SmsAi.Core.Pipeline.Receipts;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Pipeline.Intake;

/// <summary>Texts and reports through the door: what Twilio is answered, and what is kept.</summary>
public sealed class ReceiveEndpointTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Text_is_answered_with_an_empty_reply_when_it_is_kept()
    {
        await using var host = await EdgeHost.StartAsync(_database);
        using var response = await host.PostAsync("/sms/receive", EdgeHost.Text(EdgeHost.Sid(1)));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/xml");
        (await response.Content.ReadAsStringAsync()).ShouldBe("""<?xml version="1.0" encoding="UTF-8"?><Response/>""");
        (await _database.ScalarAsync<string>("select sid from messages where direction = 'in'")).ShouldBe(EdgeHost.Sid(1));
    }

    [Fact]
    public async Task Fifty_equal_posts_at_once_are_all_answered_and_kept_once()
    {
        await using var host = await EdgeHost.StartAsync(_database);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.PostAsync("/sms/receive", EdgeHost.Text(EdgeHost.Sid(1)))));
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        (await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct().Count().ShouldBe(1);
        (await _database.ScalarAsync<long>("select count(*) from messages where direction = 'in'")).ShouldBe(1);
        (await _database.ScalarAsync<long>("select count(*) from queue")).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task Text_through_our_messaging_service_is_ours_whatever_number_it_names()
    {
        var service = "MG" + new string('c', 32);
        await using var host = await EdgeHost.StartAsync(_database, ("Twilio:MessagingServiceSid", service));
        var form = EdgeHost.Text(EdgeHost.Sid(1), to: "+15005550001");
        (await host.PostAsync("/sms/receive", form)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        form["MessagingServiceSid"] = service;
        (await host.PostAsync("/sms/receive", form)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Report_reaches_its_text()
    {
        await using var host = await EdgeHost.StartAsync(_database);
        var thread = await SampleThread.CreateAsync(_database);
        var known = await thread.SentAsync(sid: EdgeHost.Sid(1));
        var early = await thread.SentAsync(state: "sending");
        using var delivered = await host.PostAsync("/sms/status", EdgeHost.Report(EdgeHost.Sid(1), "delivered"));
        delivered.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await delivered.Content.ReadAsStringAsync()).ShouldBeEmpty();
        await host.PostAsync($"/sms/status?m={early}", EdgeHost.Report(EdgeHost.Sid(2), "undelivered", 30003));
        (await thread.StateAsync(known)).ShouldBe("delivered delivered");
        (await thread.StateAsync(early)).ShouldBe("undelivered undelivered 30003");
    }

    [Fact]
    public async Task Report_of_nothing_is_answered_like_any_other()
    {
        await using var host = await EdgeHost.StartAsync(_database);
        (await host.PostAsync("/sms/status?m=99", EdgeHost.Report(EdgeHost.Sid(9), "delivered"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _database.ScalarAsync<string>("select verdict from webhook_log")).ShouldBe("unknown");
        (await host.PostAsync("/sms/status", EdgeHost.Text(EdgeHost.Sid(9)))).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "it has no status");
    }

    [Fact]
    public async Task Fifty_equal_reports_at_once_are_all_answered_and_told_once()
    {
        await using var host = await EdgeHost.StartAsync(_database);
        var thread = await SampleThread.CreateAsync(_database);
        var id = await thread.SentAsync(sid: EdgeHost.Sid(1));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.PostAsync($"/sms/status?m={id}", EdgeHost.Report(EdgeHost.Sid(1), "delivered"))));
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        (await thread.EventsAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Absent_or_frozen_database_is_answered_503_within_a_second_and_all_is_well_afterwards()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var own = await TestDatabase.CreateAsync(postgres);
        await using var host = await EdgeHost.StartAsync(own);
        (await host.PostAsync("/sms/receive", EdgeHost.Text(EdgeHost.Sid(1)))).StatusCode.ShouldBe(HttpStatusCode.OK);

        await postgres.FreezeAsync();
        await ShouldBeLaterAsync(host);
        await postgres.ThawAsync();
        await ShouldComeBackAsync(host);

        await postgres.StopAsync();
        await ShouldBeLaterAsync(host);
        await postgres.StartAsync();
        own.Owner.Clear();
        await ShouldComeBackAsync(host);
        (await own.ScalarAsync<long>("select count(*) from messages where direction = 'in' and sid = $1", EdgeHost.Sid(2))).ShouldBe(1);
    }

    private static async Task ShouldBeLaterAsync(EdgeHost host)
    {
        foreach (var (target, form) in new[] { ("/sms/receive", EdgeHost.Text(EdgeHost.Sid(2))), ("/sms/status", EdgeHost.Report(EdgeHost.Sid(3), "sent")) })
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await host.PostAsync(target, form);
            response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            response.Headers.RetryAfter!.ToString().ShouldBe("5");
            Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(1.5);
        }
    }

    private static async Task ShouldComeBackAsync(EdgeHost host) => await Until.TrueAsync(
        async () => (await host.PostAsync("/sms/receive", EdgeHost.Text(EdgeHost.Sid(2)))).StatusCode == HttpStatusCode.OK
            && await host.Get<ReceiptWriter>().AddAsync(new Receipt(EdgeHost.Sid(3), null, "sent", null), CancellationToken.None) == ReceiptResult.Unknown,
        "texts and reports are taken again");
}
