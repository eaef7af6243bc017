using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Tests.Platform;

namespace SmsAi.Tests.Pipeline.Limits;

/// <summary>Who is never answered.</summary>
public sealed class SenderRulesTests
{
    private readonly ManualTime _clock = new();
    private readonly SilentCarrier _carrier = new();

    private SenderRules Rules(TwilioOptions? options = null)
    {
        var ours = new OurNumbers(
            Options.Create(options ?? new TwilioOptions { FromNumber = SampleTurns.OurNumber, Numbers = ["+1 (500) 555-0007", "72345"] }),
            _carrier, _clock, NullLogger<OurNumbers>.Instance);
        return new SenderRules(ours, _clock);
    }

    [Fact]
    public void Person_with_a_number_is_answered() => Rules().Check(SampleTurns.Of()).ShouldBeNull();

    [Theory]
    [InlineData("+15005550006")]
    [InlineData("+15005550007")]
    [InlineData("whatsapp:+15005550007")]
    [InlineData("72345")]
    public void Our_own_number_gets_no_answer(string from) =>
        Rules().Check(SampleTurns.Of(from: from)).ShouldBe(new Refusal("ignored", "own_number"));

    [Fact]
    public void Conversations_own_number_gets_no_answer_even_when_it_is_not_configured() =>
        Rules(new TwilioOptions()).Check(SampleTurns.Of(from: SampleTurns.OurNumber)).ShouldBe(new Refusal("ignored", "own_number"));

    [Fact]
    public async Task Number_in_the_messaging_services_pool_gets_no_answer()
    {
        _carrier.Pool = ["+15005550099"];
        var options = Options.Create(new TwilioOptions { MessagingServiceSid = "MG" + new string('a', 32) });
        var ours = new OurNumbers(options, _carrier, _clock, NullLogger<OurNumbers>.Instance);
        var rules = new SenderRules(ours, _clock);
        rules.Check(SampleTurns.Of(from: "+15005550099")).ShouldBeNull();
        (await ours.RefreshAsync(CancellationToken.None)).ShouldBeTrue();
        rules.Check(SampleTurns.Of(from: "+15005550099")).ShouldBe(new Refusal("ignored", "own_number"));

        _carrier.IsAway = true;
        (await ours.RefreshAsync(CancellationToken.None)).ShouldBeFalse();
        rules.Check(SampleTurns.Of(from: "+15005550099")).ShouldNotBeNull("an absent carrier forgets no number");
    }

    [Theory]
    [InlineData("12345", "short_code")]
    [InlineData("MYBANK", "alphanumeric")]
    [InlineData("5550123456", "no_country_code")]
    [InlineData("+999123456789", "unknown_country_code")]
    public void Sender_without_an_international_number_gets_no_answer(string from, string verdict) =>
        Rules().Check(SampleTurns.Of(from: from, verdict: verdict)).ShouldBe(new Refusal("ignored", "not_a_number"));

    [Fact]
    public void WhatsApp_id_that_hides_a_number_is_answered() =>
        Rules().Check(SampleTurns.Of(from: "whatsapp:US.1349875", verdict: "whatsapp_id")).ShouldBeNull();

    [Fact]
    public void Blocked_person_gets_no_answer() =>
        Rules().Check(SampleTurns.Of(isBlocked: true)).ShouldBe(new Refusal("blocked", "blocked"));

    [Fact]
    public void Person_who_opted_out_gets_no_answer() =>
        Rules().Check(SampleTurns.Of(hasOptedOut: true)).ShouldBe(new Refusal("opted_out", "opted_out"));

    [Fact]
    public void Muted_person_gets_no_answer_until_the_mute_ends()
    {
        var turn = SampleTurns.Of(mutedUntil: _clock.GetUtcNow() + TimeSpan.FromHours(1));
        Rules().Check(turn).ShouldBe(new Refusal("ignored", "muted"));
        _clock.Pass(TimeSpan.FromHours(1));
        Rules().Check(turn).ShouldBeNull();
    }

    [Fact]
    public void Text_older_than_the_limit_is_stale()
    {
        var staleness = new Staleness(Options.Create(new StalenessOptions { MaxAge = TimeSpan.FromMinutes(15) }));
        staleness.Check(SampleTurns.Of(age: TimeSpan.FromMinutes(14))).ShouldBeNull();
        staleness.Check(SampleTurns.Of(age: TimeSpan.FromMinutes(15))).ShouldBe(new Refusal("stale", "too_old"));
    }
}
