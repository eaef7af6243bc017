using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.Sandbox;

public sealed class SandboxHandsetTests
{
    private const string Handset = "+12025550160";

    [Fact]
    public async Task A_text_arrives_as_a_signed_webhook_and_stands_in_the_carriers_list()
    {
        await using var host = await SandboxHost.StartAsync();

        var result = await host.Handset.TextAsync(Handset, "Grüße & 100 % + ☀", default);

        result.WebhookStatus.ShouldBe(200);
        host.Calls.ShouldBe([$"text {result.Message.Sid} Grüße & 100 % + ☀"]);
        var listing = await host.Carrier.ListInboundAsync(host.Account.Number, DateTimeOffset.UtcNow.AddMinutes(-1), Task.FromResult, default);
        var found = listing.ShouldBeOfType<CarrierListing.Found>().Messages.ShouldHaveSingleItem();
        (found.Sid, found.From, found.Body, found.Status).ShouldBe((result.Message.Sid, Handset, "Grüße & 100 % + ☀", "received"));
    }

    [Fact]
    public async Task A_lost_webhook_leaves_the_text_to_the_sweep()
    {
        await using var host = await SandboxHost.StartAsync();
        await host.State.SetFaultsAsync(Handset, SandboxFault.WebhooksLost, default);

        var result = await host.Handset.TextAsync(Handset, "Hello?", default);

        result.WebhookStatus.ShouldBeNull();
        host.Calls.ShouldBeEmpty();
        var listing = await host.Carrier.ListInboundAsync(host.Account.Number, DateTimeOffset.UtcNow.AddMinutes(-1), Task.FromResult, default);
        listing.ShouldBeOfType<CarrierListing.Found>().Messages.ShouldHaveSingleItem().Body.ShouldBe("Hello?");
    }

    [Fact]
    public async Task A_person_who_is_erased_leaves_no_text_in_either_direction()
    {
        await using var host = await SandboxHost.StartAsync();
        await host.Handset.TextAsync(Handset, "Hi", default);
        await host.Carrier.SendAsync(new SendRequest(1, Handset, "Hello", From: host.Account.Number), default);
        await host.Handset.TextAsync("+12025550161", "Somebody else", default);

        await host.Messages.ForgetAsync(TestKeys.Hasher.Hash(Handset), default);

        (await host.Messages.ThreadAsync(Handset, 10, default)).ShouldBeEmpty();
        (await host.Messages.ThreadAsync("+12025550161", 10, default)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_texts_stop_gets_nothing_more_until_start()
    {
        await using var host = await SandboxHost.StartAsync();

        await host.Handset.TextAsync(Handset, " Stop ", default);
        (await host.Carrier.SendAsync(new SendRequest(1, Handset, "Hi"), default)).ShouldBeOfType<SendResult.Refused>().Code.ShouldBe(21610);
        (await host.Carrier.SendAsync(new SendRequest(2, "+12025550161", "Hi"), default)).ShouldBeOfType<SendResult.Accepted>();

        await host.Handset.TextAsync(Handset, "START", default);
        (await host.Carrier.SendAsync(new SendRequest(3, Handset, "Hi"), default)).ShouldBeOfType<SendResult.Accepted>();
    }
}
