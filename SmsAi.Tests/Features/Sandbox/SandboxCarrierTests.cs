using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Features.Sandbox;

/// <summary>The ordinary client against the sandbox's carrier, over HTTP.</summary>
public sealed class SandboxCarrierTests
{
    private const string Handset = "+12025550160";

    [Fact]
    public async Task A_text_is_taken_and_reported_sent_then_delivered_within_seconds()
    {
        await using var host = await SandboxHost.StartAsync();

        var taken = await SendAsync(host, 7);

        taken.CarrierStatus.ShouldBe("queued");
        await Until.TrueAsync(() => host.Calls.Count == 2);
        host.Calls.ShouldBe([$"status 7 {taken.Sid} sent", $"status 7 {taken.Sid} delivered"]);
        (await host.Carrier.FetchAsync(taken.Sid, default)).ShouldBeOfType<CarrierLookup.Found>().Message.Status.ShouldBe("delivered");
    }

    [Fact]
    public async Task The_list_finds_what_was_taken_though_the_answer_got_lost()
    {
        await using var host = await SandboxHost.StartAsync(("Twilio:TimeoutSeconds", "1"));
        await host.State.SetFaultsAsync(Handset, SandboxFault.HangAfterAccepting, default);

        var result = await host.Carrier.SendAsync(new SendRequest(7, Handset, "Are you there?"), default);
        var listing = await host.Carrier.ListToAsync(Handset, host.Account.Number, DateTimeOffset.UtcNow.AddMinutes(-2), default);

        result.ShouldBeOfType<SendResult.Uncertain>();
        var found = listing.ShouldBeOfType<CarrierListing.Found>().Messages.ShouldHaveSingleItem();
        (found.Body, found.To, found.From, found.Direction).ShouldBe(("Are you there?", Handset, host.Account.Number, "outbound-api"));
    }

    [Fact]
    public async Task A_long_list_comes_in_pages_without_gap_or_repetition()
    {
        await using var host = await SandboxHost.StartAsync();
        for (var i = 0; i < 120; i++)
            await SendAsync(host, i);
        await host.Carrier.SendAsync(new SendRequest(999, "+12025550161", "to somebody else"), default);

        var listing = await host.Carrier.ListToAsync(Handset, null, DateTimeOffset.UtcNow.AddMinutes(-2), default);

        var found = listing.ShouldBeOfType<CarrierListing.Found>();
        found.IsWhole.ShouldBeTrue();
        found.Messages.Select(message => message.Body).ShouldBe(Enumerable.Range(0, 120).Reverse().Select(i => $"text {i}"));
    }

    [Theory]
    [InlineData(SandboxHandsets.Landline, "undelivered30006")]
    [InlineData(SandboxHandsets.SwitchedOff, "undelivered30003")]
    public async Task Special_handsets_fail_after_the_text_was_taken(string handset, string report)
    {
        await using var host = await SandboxHost.StartAsync();

        (await host.Carrier.SendAsync(new SendRequest(1, handset, "Hi"), default)).ShouldBeOfType<SendResult.Accepted>();

        await Until.TrueAsync(() => host.ReportsOf(1).Count() == 2);
        host.ReportsOf(1).ShouldBe(["sent", report]);
    }

    [Theory]
    [InlineData(SandboxHandsets.Invalid, 21211)]
    [InlineData(SandboxHandsets.NotMobile, 21614)]
    public async Task Other_handsets_are_refused(string handset, int code)
    {
        await using var host = await SandboxHost.StartAsync();

        var result = await host.Carrier.SendAsync(new SendRequest(1, handset, "Hi"), default);

        result.ShouldBeOfType<SendResult.Refused>().Code.ShouldBe(code);
        (await host.Messages.ThreadAsync(handset, 10, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Faults_count_for_their_number_only_and_end_when_switched_off()
    {
        await using var host = await SandboxHost.StartAsync();
        await host.State.SetFaultsAsync(Handset, SandboxFault.TooFast, default);

        (await host.Carrier.SendAsync(new SendRequest(1, Handset, "Hi"), default))
            .ShouldBe(new SendResult.Throttled(TimeSpan.FromSeconds(2), 20429));
        (await host.Carrier.SendAsync(new SendRequest(2, "+12025550161", "Hi"), default)).ShouldBeOfType<SendResult.Accepted>();

        await host.State.SetFaultsAsync(Handset, SandboxFault.None, default);
        (await host.Carrier.SendAsync(new SendRequest(3, Handset, "Hi"), default)).ShouldBeOfType<SendResult.Accepted>();
    }

    [Fact]
    public async Task A_refused_account_and_an_absent_list_look_as_at_the_real_carrier()
    {
        await using var host = await SandboxHost.StartAsync();
        await host.State.SetFaultsAsync(null, SandboxFault.AccountRefused | SandboxFault.ListAway, default);

        (await host.Carrier.SendAsync(new SendRequest(1, Handset, "Hi"), default)).ShouldBeOfType<SendResult.ConfigurationFault>().Code.ShouldBe(20003);
        (await host.Carrier.ListToAsync(Handset, null, default, default)).ShouldBeOfType<CarrierListing.Unavailable>();
    }

    [Fact]
    public async Task A_server_error_after_taking_the_text_is_uncertain_and_the_text_is_there()
    {
        await using var host = await SandboxHost.StartAsync();
        await host.State.SetFaultsAsync(null, SandboxFault.ErrorAfterAccepting, default);

        (await host.Carrier.SendAsync(new SendRequest(1, Handset, "Hi"), default)).ShouldBeOfType<SendResult.Uncertain>();

        (await host.Messages.ThreadAsync(Handset, 10, default)).ShouldHaveSingleItem().Body.ShouldBe("Hi");
    }

    [Theory]
    [InlineData(SandboxFault.ReceiptsReversed, new[] { "delivered", "sent" })]
    [InlineData(SandboxFault.ReceiptsDoubled, new[] { "sent", "sent", "delivered", "delivered" })]
    [InlineData(SandboxFault.Undeliverable, new[] { "sent", "undelivered30006" })]
    public async Task Receipts_go_wrong_as_told(SandboxFault fault, string[] reports)
    {
        await using var host = await SandboxHost.StartAsync();
        await host.State.SetFaultsAsync(Handset, fault, default);

        await SendAsync(host, 7);

        await Until.TrueAsync(() => host.ReportsOf(7).Count() == reports.Length);
        host.ReportsOf(7).ShouldBe(reports);
    }

    [Fact]
    public async Task A_lost_receipt_is_known_to_who_asks()
    {
        await using var host = await SandboxHost.StartAsync(("Sandbox:ReceiptMilliseconds", "20"));
        await host.State.SetFaultsAsync(Handset, SandboxFault.ReceiptsLost, default);

        var taken = await SendAsync(host, 7);

        CarrierLookup? lookup = null;
        await Until.TrueAsync(() => (lookup = host.Carrier.FetchAsync(taken.Sid, default).Result) is CarrierLookup.Found { Message.Status: "delivered" });
        lookup.ShouldBeOfType<CarrierLookup.Found>().Message.Status.ShouldBe("delivered");
        host.ReportsOf(7).ShouldBe(["sent"]);
    }

    [Fact]
    public async Task A_restart_brings_the_receipts_that_were_still_due()
    {
        await using var before = await SandboxHost.StartAsync(("Sandbox:ReceiptMilliseconds", "60000"));
        var taken = await SendAsync(before, 7);
        var database = await before.StopAsync();

        await using var after = await SandboxHost.StartAsync(database, ("Sandbox:ReceiptMilliseconds", "20"));

        await Until.TrueAsync(() => after.ReportsOf(7).Count() == 2);
        after.ReportsOf(7).ShouldBe(["sent", "delivered"]);
        (await after.Carrier.FetchAsync(taken.Sid, default)).ShouldBeOfType<CarrierLookup.Found>().Message.Status.ShouldBe("delivered");
    }

    [Fact]
    public async Task Numbers_and_texts_are_not_readable_in_the_database()
    {
        await using var host = await SandboxHost.StartAsync();
        await host.Handset.TextAsync(Handset, "my secret words", default);
        await host.State.SetFaultsAsync(Handset, SandboxFault.ReceiptsLost, default);

        (await host.DumpAsync()).ShouldNotContain("secret");
        (await host.DumpAsync()).ShouldNotContain("2025550160");
    }

    private static async Task<SendResult.Accepted> SendAsync(SandboxHost host, long id) =>
        (await host.Carrier.SendAsync(new SendRequest(id, Handset, $"text {id}"), default)).ShouldBeOfType<SendResult.Accepted>();
}
