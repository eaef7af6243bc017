using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Tests.Pipeline.Intake.Webhooks;

/// <summary>Reading and verifying a webhook happens tens of thousands of times a second; this holds what it may allocate.</summary>
public sealed class HotPathTests
{
    private static readonly byte[] Body = RawForm.Encode(new Dictionary<string, string>
    {
        ["ToCountry"] = "US",
        ["ToState"] = "CA",
        ["SmsMessageSid"] = "SM0123456789abcdef0123456789abcdef",
        ["NumMedia"] = "0",
        ["ToCity"] = "",
        ["FromZip"] = "94105",
        ["SmsSid"] = "SM0123456789abcdef0123456789abcdef",
        ["FromState"] = "CA",
        ["SmsStatus"] = "received",
        ["FromCity"] = "SAN FRANCISCO",
        ["Body"] = "What is the tallest mountain in Europe, and who climbed it first?",
        ["FromCountry"] = "US",
        ["To"] = "+18005551212",
        ["ToZip"] = "",
        ["NumSegments"] = "1",
        ["MessageSid"] = "SM0123456789abcdef0123456789abcdef",
        ["AccountSid"] = "AC0123456789abcdef0123456789abcdef",
        ["From"] = "+14158675309",
        ["ApiVersion"] = "2010-04-01",
    });

    private readonly TwilioSignature _signature = new("12345");

    [Fact]
    public void Reading_and_verifying_one_text_stays_lean()
    {
        const string url = "https://sms.example.com/sms/receive";
        var header = TwilioSignature.Sign(url, RawForm.Parse(Body), "12345");
        Allocated(() => RawForm.Parse(Body)).ShouldBeLessThan(1_500);
        var form = RawForm.Parse(Body);
        Allocated(() => _signature.Verify(url, form, header)).ShouldBeLessThan(200);
        Allocated(() => InboundText.Parse(form)).ShouldBeLessThan(1_800);
    }

    private static long Allocated(Action act)
    {
        for (var round = 0; round < 50; round++) act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++) act();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
    }
}
