using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Tests.Pipeline.Delivery;

/// <summary>Twilio settings: what is accepted, and that every fault is told at once under its key.</summary>
public sealed class TwilioOptionsTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef";

    private static TwilioOptions Good() => new()
    {
        AccountSid = "AC" + Hex,
        AuthToken = "secret",
        FromNumber = "+18005551212",
        PublicBaseUrl = "https://sms.example.com",
    };

    private static string[] Keys(TwilioOptions options) => [.. options.Faults().Select(fault => fault.Split(' ')[0])];

    [Fact]
    public void Nothing_set_is_the_sandbox_and_no_fault()
    {
        new TwilioOptions().IsSandbox.ShouldBeTrue();
        new TwilioOptions().Faults().ShouldBeEmpty();
        new TwilioOptions { FromNumber = "+18005551212", PublicBaseUrl = "http://localhost:3000/" }.Faults().ShouldBeEmpty();
    }

    [Fact]
    public void Complete_settings_have_no_fault()
    {
        Good().IsSandbox.ShouldBeFalse();
        Good().Faults().ShouldBeEmpty();
        new TwilioOptions
        {
            AccountSid = "AC" + Hex,
            AuthToken = "a",
            SecondaryAuthToken = "b",
            ApiKeySid = "SK" + Hex,
            ApiKeySecret = "c",
            MessagingServiceSid = "MG" + Hex,
            Numbers = ["+18005551212", "12345", "whatsapp:+4915112345678"],
            PublicBaseUrl = "https://user:pass@sms.example.com:8443/in/",
            ApiBaseUrl = "http://127.0.0.1:5999",
            MessagesPerSecond = 0.5,
        }.Faults().ShouldBeEmpty();
    }

    [Fact]
    public void Every_fault_is_told_at_once_under_its_key()
    {
        var options = new TwilioOptions
        {
            AccountSid = "ACshort",
            ApiKeySid = "SKshort",
            MessagingServiceSid = "MGshort",
            FromNumber = "4158675309",
            Numbers = ["+18005551212", "MYBANK"],
            ApiBaseUrl = "api.twilio.com",
            PublicBaseUrl = "https://sms.example.com/?a=1",
            MessagesPerSecond = -1,
        };
        Keys(options).ShouldBe(
        [
            "Twilio:AccountSid", "Twilio:AuthToken", "Twilio:ApiKeySecret", "Twilio:ApiKeySid", "Twilio:MessagingServiceSid",
            "Twilio:FromNumber", "Twilio:Numbers:1", "Twilio:ApiBaseUrl", "Twilio:PublicBaseUrl", "Twilio:MessagesPerSecond",
        ]);
        string.Concat(options.Faults()).ShouldNotContain("SKshort");
    }

    [Fact]
    public void Partial_credentials_are_a_fault_and_no_sandbox()
    {
        Keys(new TwilioOptions { AuthToken = "a" }).ShouldBe(["Twilio:AccountSid", "Twilio:FromNumber", "Twilio:PublicBaseUrl"]);
        Keys(new TwilioOptions { AccountSid = "AC" + Hex }).ShouldBe(["Twilio:AuthToken", "Twilio:FromNumber", "Twilio:PublicBaseUrl"]);
        Keys(new TwilioOptions { ApiKeySecret = "x" }).ShouldContain("Twilio:ApiKeySid");
    }

    [Theory]
    [InlineData("sms.example.com")]
    [InlineData("/sms")]
    [InlineData("ftp://sms.example.com")]
    [InlineData("https://sms.example.com/#x")]
    [InlineData("https://")]
    public void Public_url_must_be_absolute_http_without_query(string url)
    {
        var options = Good();
        options.PublicBaseUrl = url;
        Keys(options).ShouldBe(["Twilio:PublicBaseUrl"]);
    }

    [Fact]
    public void Own_numbers_are_named_once() =>
        new TwilioOptions { FromNumber = " +18005551212", Numbers = ["+18005551212", "+14165550123"] }.OwnNumbers
            .ShouldBe(["+18005551212", "+14165550123"]);
}
