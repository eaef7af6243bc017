using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Bench.Loopback;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Tests.Platform.Http;

namespace SmsAi.Tests.Platform.Loopback;

/// <summary>The stand-in for the carrier does what its name says, against the product's own client and verifier.</summary>
public sealed class LoopbackCarrierTests : IAsyncLifetime
{
    private const string Person = "+15005550010";

    private LoopbackCarrier _carrier = null!;
    private RawServer _product = null!;
    private Func<string, int> _webhook = _ => 200;

    public async ValueTask InitializeAsync()
    {
        _carrier = await LoopbackCarrier.StartAsync();
        _product = new RawServer((socket, request) => _webhook(request) is var status and > 0
            ? RawServer.AnswerAsync(socket, status, "<Response/>")
            : RawServer.ResetAsync(socket));
        _carrier.PublicBaseUrl = "https://sms.example.org";
        _carrier.Product = _product.Address;
    }

    public async ValueTask DisposeAsync()
    {
        await _carrier.DisposeAsync();
        await _product.DisposeAsync();
    }

    [Fact]
    public async Task A_text_is_taken_once_and_reported_sent_and_delivered()
    {
        var result = await Client().SendAsync(new SendRequest(42, Person, "Grüße & 1+1"), default);

        var taken = _carrier.Ledger.Accepted.ShouldHaveSingleItem();
        result.ShouldBe(new SendResult.Accepted(taken.Sid, "queued", 1, null));
        (taken.To, taken.From, taken.Body, taken.MessageId).ShouldBe((Person, _carrier.Number, "Grüße & 1+1", 42));
        await Until.TrueAsync(() => _product.Requests.Count == 2);
        _product.Requests.Select(Status).ShouldBe(["sent", "delivered"]);
        _product.Requests.ShouldAllBe(request => request.StartsWith("POST /sms/status?m=42 ", StringComparison.Ordinal) && IsSigned(request, "https://sms.example.org/sms/status?m=42"));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("reset")]
    [InlineData("error")]
    public async Task A_text_taken_without_a_clear_answer_is_found_in_the_list(string way)
    {
        _carrier.Script.Decide = _ => way switch
        {
            "hang" => CarrierAct.AcceptThenHang,
            "reset" => CarrierAct.AcceptThenReset,
            _ => CarrierAct.AcceptThenError,
        };
        var client = Client(new KeyValuePair<string, string?>("Twilio:TimeoutSeconds", "1"));
        var before = DateTimeOffset.UtcNow.AddMinutes(-2);

        (await client.SendAsync(new SendRequest(1, Person, "Hi"), default)).ShouldBeOfType<SendResult.Uncertain>();

        _carrier.Ledger.SendRequests.ShouldBe(1);
        var listing = (await client.ListToAsync(Person, null, before, default)).ShouldBeOfType<CarrierListing.Found>();
        listing.Messages.ShouldHaveSingleItem().Sid.ShouldBe(_carrier.Ledger.Accepted.Single().Sid);
    }

    [Fact]
    public async Task A_refused_text_is_not_taken_but_seen()
    {
        _carrier.Script.Decide = send => send.Body == "fast" ? CarrierAct.TooFast(7) : CarrierAct.Refuse(21610);
        var client = Client();

        (await client.SendAsync(new SendRequest(1, Person, "fast"), default)).ShouldBe(new SendResult.Throttled(TimeSpan.FromSeconds(7), 20429));
        (await client.SendAsync(new SendRequest(2, Person, "Hi"), default)).ShouldBeOfType<SendResult.Refused>().Code.ShouldBe(21610);

        _carrier.Ledger.Accepted.ShouldBeEmpty();
        _carrier.Ledger.Requests.Select(request => request.Send!.Body).ShouldBe(["fast", "Hi"]);
    }

    [Fact]
    public async Task An_early_receipt_beats_the_answer_and_a_plan_of_none_stays_silent()
    {
        _carrier.Script.Receipts = text => text.Body == "early" ? ReceiptPlans.Early(TimeSpan.Zero) : ReceiptPlans.Never;
        var seen = -1;
        var client = Client();

        await client.SendAsync(new SendRequest(1, Person, "early"), default);
        seen = _product.Requests.Count(request => Status(request) == "sent");
        await client.SendAsync(new SendRequest(2, Person, "silent"), default);

        seen.ShouldBe(1);
        await Until.TrueAsync(() => _product.Requests.Count == 2);
        _product.Requests.ShouldAllBe(request => request.Contains("?m=1 "));
    }

    [Fact]
    public async Task While_it_is_away_nothing_is_sent_and_afterwards_it_still_knows_everything()
    {
        var client = Client();
        await client.SendAsync(new SendRequest(1, Person, "before"), default);
        await _carrier.LeaveAsync();

        (await client.SendAsync(new SendRequest(2, Person, "during"), default)).ShouldBeOfType<SendResult.NotSent>();

        await _carrier.ReturnAsync();
        (await client.SendAsync(new SendRequest(3, Person, "after"), default)).ShouldBeOfType<SendResult.Accepted>();
        _carrier.Ledger.Accepted.Select(text => text.Body).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task The_list_pages_through_everything_a_number_received()
    {
        for (var i = 0; i < 1200; i++)
            _carrier.KeepInbound(Person, $"text {i}");

        var listing = await Client().ListInboundAsync(_carrier.Number, DateTimeOffset.UtcNow.AddHours(-1), Task.FromResult, default);

        listing.ShouldBeOfType<CarrierListing.Found>().Messages.Count.ShouldBe(1200);
        _carrier.Ledger.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_persons_text_arrives_signed_so_that_the_product_believes_it()
    {
        var outcome = await _carrier.TextAsync(Person, "Hallo & 1+1 = 2 ☀");

        outcome.ShouldBe(new WebhookOutcome(outcome.Sid, 200, "<Response/>", 1));
        var request = _product.Requests.ShouldHaveSingleItem();
        request.ShouldStartWith("POST /sms/receive ");
        IsSigned(request, "https://sms.example.org/sms/receive").ShouldBeTrue();
        Form(request).Text("Body"u8).ShouldBe("Hallo & 1+1 = 2 ☀");
        IsSigned(request, "https://sms.example.org/sms/other").ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, 0, 2)]
    [InlineData(false, 503, 1)]
    [InlineData(true, 503, 4)]
    public async Task A_webhook_is_tried_again_as_the_rules_say(bool serverErrors, int status, int tries)
    {
        _webhook = _ => status;
        if (serverErrors)
            _carrier.Script.Rules = new WebhookRules { Retries = 3, RetriesServerErrors = true, Pause = TimeSpan.FromMilliseconds(10) };
        // A refused connection is what the default rule is for.
        if (status == 0)
            await _product.DisposeAsync();

        var outcome = await _carrier.TextAsync(Person, "Hi");

        outcome.IsTaken.ShouldBeFalse();
        outcome.Tries.ShouldBe(tries);
        _product.Requests.Count.ShouldBe(status == 0 ? 0 : tries);
    }

    [Fact]
    public async Task A_webhook_that_failed_goes_to_the_fallback_at_last()
    {
        await using var other = RawServer.Answering(200, "<Response/>");
        _webhook = _ => 503;
        _carrier.Script.Rules = new WebhookRules { Fallback = new Uri(other.Address, "sms/receive") };
        _carrier.Product = null;
        _carrier.PublicBaseUrl = _product.Address.AbsoluteUri;

        var outcome = await _carrier.TextAsync(Person, "Hi");

        (outcome.IsTaken, outcome.Tries).ShouldBe((true, 2));
        IsSigned(other.Requests.ShouldHaveSingleItem(), new Uri(other.Address, "sms/receive").AbsoluteUri).ShouldBeTrue();
    }

    private static RawForm Form(string request) =>
        RawForm.Parse(System.Text.Encoding.UTF8.GetBytes(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]));

    private static string? Status(string request) => Form(request).Text("MessageStatus"u8);

    private bool IsSigned(string request, string url) => new TwilioSignature(_carrier.AuthToken).Verify(
        url, Form(request), request.Split("\r\n").Single(line => line.StartsWith("X-Twilio-Signature: ", StringComparison.Ordinal))["X-Twilio-Signature: ".Length..])
        .Refusal == SignatureRefusal.None;

    private ICarrier Client(params KeyValuePair<string, string?>[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([.. _carrier.Settings("https://sms.example.org"), .. settings]).Build();
        return new ServiceCollection().AddLogging().AddDelivery(configuration).BuildServiceProvider().GetRequiredService<ICarrier>();
    }
}
