using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Tests.Pipeline.Intake.Webhooks;

/// <summary>The signature check: Twilio's published vectors, every known trap, and forgeries.</summary>
public sealed class TwilioSignatureTests
{
    private const string Token = "12345";
    private const string Url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    private const string Genuine = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    private const string JsonHash = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";

    private static readonly byte[] Json = """{"property": "value", "boolean": true}"""u8.ToArray();

    private static readonly RawForm Call = Form(
        ("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"), ("From", "+14158675309"), ("To", "+18005551212"));

    private readonly TwilioSignature _signature = new(Token);

    private static RawForm Form(params (string Key, string Value)[] fields) =>
        RawForm.Parse(RawForm.Encode(fields.Select(field => KeyValuePair.Create(field.Key, field.Value))));

    /// <summary>An implementation of its own, over text put together by hand.</summary>
    private static string Hmac(string content, string token = Token) => Hmac(Encoding.UTF8.GetBytes(content), token);

    [SuppressMessage("Security", "CA5350", Justification = "Twilio signs with HMAC-SHA1.")]
    private static string Hmac(byte[] content, string token = Token) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), content));

    [Theory]
    [InlineData(Url, Genuine)]
    [InlineData("https://mycompany.com:443/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w=")]
    [InlineData("http://mycompany.com:80/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4=")]
    [InlineData("https://mycompany.com:1234/myapp.php?foo=1&bar=2", "CYn1h0gLBdNxDGkKJg6hYohgeD8=")]
    [InlineData("https://MyCompany.com/myapp.php?foo=1&bar=2", "g9IN/x4Cft2g517EjYvEvM/W7LU=")]
    public void Published_vector_is_made_and_accepted(string url, string expected)
    {
        TwilioSignature.Sign(url, Call, Token).ShouldBe(expected);
        var verdict = _signature.Verify(url, Call, expected);
        verdict.IsValid.ShouldBeTrue();
        (verdict.Token, verdict.Variant, verdict.Url).ShouldBe((SigningToken.Primary, UrlVariant.AsGiven, url));
    }

    [Theory]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2", "kvajT1Ptam85bY51eRf/AJRuM3w=", UrlVariant.PortAdded)]
    [InlineData("https://mycompany.com:443/myapp.php?foo=1&bar=2", Genuine, UrlVariant.PortRemoved)]
    [InlineData("https://mycompany.com:1234/myapp.php?foo=1&bar=2", Genuine, UrlVariant.PortRemoved)]
    [InlineData("http://mycompany.com/myapp.php?foo=1&bar=2", "0ZXoZLH/DfblKGATFgpif+LLRf4=", UrlVariant.PortAdded)]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2#rc=2&rp=all", Genuine, UrlVariant.AsGiven)]
    public void Port_and_fragment_may_differ_from_what_was_signed(string url, string header, UrlVariant variant) =>
        _signature.Verify(url, Call, header).ShouldSatisfyAllConditions(
            verdict => verdict.IsValid.ShouldBeTrue(),
            verdict => verdict.Variant.ShouldBe(variant));

    [Theory]
    [InlineData("https://user:p%40ss@mycompany.com/a", "https://user:p%40ss@mycompany.com:443/a")]
    [InlineData("https://user:pass@mycompany.com:8443?x=1", "https://user:pass@mycompany.com?x=1")]
    [InlineData("https://[2001:db8::1]/a", "https://[2001:db8::1]:443/a")]
    [InlineData("http://[::1]:5000/a", "http://[::1]/a")]
    [InlineData("https://mycompany.com", "https://mycompany.com:443")]
    [InlineData("https://mycompany.com/?q=%2F%e4+%20&u=http://x:1/", "https://mycompany.com:443/?q=%2F%e4+%20&u=http://x:1/")]
    public void Everything_but_the_port_stays_letter_for_letter(string url, string signedUrl) =>
        _signature.Verify(url, RawForm.Empty, Hmac(signedUrl)).IsValid.ShouldBeTrue();

    [Theory]
    [InlineData("http://mycompany.com/myapp.php?foo=1&bar=2")]
    [InlineData("https://mycompany.com/myapp.php?bar=2&foo=1")]
    [InlineData("https://mycompany.com/myapp.php")]
    [InlineData("https://Mycompany.com/myapp.php?foo=1&bar=2")]
    [InlineData("https://other.com/myapp.php?foo=1&bar=2")]
    [InlineData("ftp://mycompany.com/myapp.php")]
    [InlineData("")]
    public void Other_url_is_refused(string url) => _signature.Verify(url, Call, Genuine).Refusal.ShouldBe(SignatureRefusal.Mismatch);

    [Theory]
    [InlineData(null, SignatureRefusal.HeaderMissing)]
    [InlineData("", SignatureRefusal.HeaderEmpty)]
    [InlineData("   ", SignatureRefusal.HeaderEmpty)]
    [InlineData("abc", SignatureRefusal.HeaderMalformed)]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B8=,RSOYDt4T1cUTdK1PDd93/VVr8B8=", SignatureRefusal.HeaderMalformed)]
    [InlineData("€€€€€€€€€€€€€€€€€€€€€€€€€€€€", SignatureRefusal.Mismatch)]
    [InlineData("rsOYDt4T1cUTdK1PDd93/VVr8B8=", SignatureRefusal.Mismatch)]
    [InlineData("RSOYDt4T1cUTdK1PDd93/VVr8B9=", SignatureRefusal.Mismatch)]
    public void Bad_header_is_refused_with_its_reason(string? header, SignatureRefusal reason)
    {
        var verdict = _signature.Verify(Url, Call, header);
        verdict.Refusal.ShouldBe(reason);
        verdict.IsValid.ShouldBeFalse();
        _signature.VerifyJson(Url, Json, header).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void Changed_added_missing_or_repeated_field_is_refused()
    {
        var sent = new List<KeyValuePair<string, string>> { new("Body", "hi"), new("From", "+14158675309"), new("To", "+18005551212") };
        var header = Hmac(Url + "Bodyhi" + "From+14158675309" + "To+18005551212");
        _signature.Verify(Url, RawForm.Parse(RawForm.Encode(sent)), header).IsValid.ShouldBeTrue();

        foreach (var forged in new List<KeyValuePair<string, string>>[]
        {
            [new("Body", "ho"), .. sent[1..]], [.. sent, new("Extra", "1")], sent[1..], [.. sent, new("From", "+19995550000")],
            [new("body", "hi"), .. sent[1..]], [new("Body", "hi "), .. sent[1..]], [new("Body", "hi\0"), .. sent[1..]],
        })
            _signature.Verify(Url, RawForm.Parse(RawForm.Encode(forged)), header).Refusal.ShouldBe(SignatureRefusal.Mismatch);
    }

    [Fact]
    public void Unknown_fields_are_signed_like_all_others() =>
        _signature.Verify(Url, Form(("Zukunft", "ä"), ("Body", "x"), ("_a", "1")), Hmac(Url + "Bodyx" + "Zukunftä" + "_a1")).IsValid.ShouldBeTrue();

    [Fact]
    public void Keys_are_sorted_by_letter_with_case() =>
        _signature.Verify(Url, Form(("b", "2"), ("B", "1"), ("a", "3"), ("AB", "4")), Hmac(Url + "AB4" + "B1" + "a3" + "b2")).IsValid.ShouldBeTrue();

    [Theory]
    [InlineData("Tag" + "zebra" + "ant" + "zebra")]
    [InlineData("Tag" + "ant" + "Tag" + "zebra")]
    public void Repeated_keys_are_accepted_in_both_spellings(string tags) =>
        _signature.Verify(Url, Form(("Tag", "zebra"), ("A", "1"), ("Tag", "ant"), ("Tag", "zebra")), Hmac(Url + "A1" + tags)).IsValid.ShouldBeTrue();

    [Theory]
    [InlineData("Tag" + "zebra,ant")]
    [InlineData("Tag" + "ant")]
    [InlineData("Tag" + "zebra")]
    public void Repeated_keys_in_other_spellings_are_refused(string tags) =>
        _signature.Verify(Url, Form(("Tag", "zebra"), ("Tag", "ant")), Hmac(Url + tags)).IsValid.ShouldBeFalse();

    [Fact]
    public void Bytes_that_are_not_utf8_are_checked_as_sent_and_as_replaced()
    {
        var form = RawForm.Parse("Body=caf%E9"u8);
        _signature.Verify(Url, form, Hmac([.. Encoding.UTF8.GetBytes(Url + "Bodycaf"), 0xE9])).IsValid.ShouldBeTrue();
        _signature.Verify(Url, form, Hmac(Url + "Bodycaf\uFFFD")).IsValid.ShouldBeTrue();
        _signature.Verify(Url, form, Hmac(Url + "Bodycafé")).IsValid.ShouldBeFalse();
    }

    [Fact]
    public void Form_over_a_limit_is_refused_even_when_the_url_alone_was_signed()
    {
        var form = RawForm.Parse(new byte[RawForm.MaxBodyBytes + 1]);
        _signature.Verify(Url, form, Hmac(Url)).Refusal.ShouldBe(SignatureRefusal.FormUnreadable);
    }

    [Theory]
    [InlineData("https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256=" + JsonHash, "a9nBmqA0ju/hNViExpshrM61xv4=")]
    [InlineData("https://mycompany.com/myapp.php?bodySHA256=" + JsonHash, "y77kIzt2vzLz71DgmJGsen2scGs=")]
    public void Json_needs_signature_and_body_hash(string url, string header)
    {
        _signature.VerifyJson(url, Json, header).IsValid.ShouldBeTrue();
        _signature.VerifyJson(url, "{}"u8, header).Refusal.ShouldBe(SignatureRefusal.BodyHashMismatch);
        _signature.VerifyJson(url, Json, Genuine).Refusal.ShouldBe(SignatureRefusal.Mismatch);
    }

    [Theory]
    [InlineData(Url, SignatureRefusal.BodyHashMissing)]
    [InlineData(Url + "&bodySHA256=", SignatureRefusal.BodyHashMissing)]
    [InlineData(Url + "#bodySHA256=" + JsonHash, SignatureRefusal.BodyHashMissing)]
    [InlineData(Url + "&xbodySHA256=" + JsonHash, SignatureRefusal.BodyHashMissing)]
    [InlineData(Url + "&bodySHA256=00", SignatureRefusal.BodyHashMismatch)]
    public void Json_signed_over_the_url_alone_is_refused(string url, SignatureRefusal reason) =>
        _signature.VerifyJson(url, Json, Hmac(url.Split('#')[0])).Refusal.ShouldBe(reason);

    [Fact]
    public void Two_tokens_are_accepted_while_they_are_changed_and_the_verdict_says_which()
    {
        var both = new TwilioSignature("new", Token);
        both.Verify(Url, Call, Genuine).Token.ShouldBe(SigningToken.Secondary);
        both.Verify(Url, Call, TwilioSignature.Sign(Url, Call, "new")).Token.ShouldBe(SigningToken.Primary);
        both.Verify(Url, Call, TwilioSignature.Sign(Url, Call, "third")).Refusal.ShouldBe(SignatureRefusal.Mismatch);
        new TwilioSignature("new").Verify(Url, Call, Genuine).Refusal.ShouldBe(SignatureRefusal.Mismatch);
        new TwilioSignature(null, Token).Verify(Url, Call, Genuine).Token.ShouldBe(SigningToken.Secondary);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Without_a_token_nothing_is_accepted(string? token) =>
        new TwilioSignature(token, token).Verify(Url, Call, Hmac(Url, "")).Refusal.ShouldBe(SignatureRefusal.NoTokenConfigured);

    [Fact]
    public void Public_url_is_the_truth_whatever_the_request_says()
    {
        var url = WebhookUrl.From(new TwilioOptions { AccountSid = "AC", PublicBaseUrl = "https://sms.example.com/in/" }, ["http://[::]:3000"]);
        var header = Hmac("https://sms.example.com/in/sms/receive?a=%2f" + "Bodyhi");
        foreach (var target in new[] { "/sms/receive?a=%2f", "/in/sms/receive?a=%2f", "http://evil.example/sms/receive?a=%2f" })
            _signature.Verify(url, target, Form(("Body", "hi")), header).IsValid.ShouldBeTrue(target);
        _signature.Verify(url, "/inn/sms/receive?a=%2f", Form(("Body", "hi")), header).IsValid.ShouldBeFalse();
        url.For("/sms/status?m=7").ShouldBe("https://sms.example.com/in/sms/status?m=7");
    }

    [Fact]
    public void Without_public_url_only_the_sandbox_answers_to_the_addresses_it_listens_on()
    {
        var header = Hmac("http://127.0.0.1:3000/sms/receive");
        var sandbox = WebhookUrl.From(new TwilioOptions(), ["http://[::]:3000"]);
        _signature.Verify(sandbox, "/sms/receive", RawForm.Empty, header).IsValid.ShouldBeTrue();
        sandbox.Base.ShouldBe("http://localhost:3000");
        WebhookUrl.From(new TwilioOptions(), ["http://*:80"]).Base.ShouldBe("http://localhost");
        WebhookUrl.From(new TwilioOptions(), ["http://10.0.0.5:3000"]).Bases.ShouldBe(["http://10.0.0.5:3000"]);

        var real = WebhookUrl.From(new TwilioOptions { AccountSid = "AC" }, ["http://127.0.0.1:3000"]);
        real.Base.ShouldBeNull();
        _signature.Verify(real, "/sms/receive", RawForm.Empty, header).Refusal.ShouldBe(SignatureRefusal.NoPublicUrl);
    }

    [Fact]
    public void Random_forms_sign_as_an_independent_implementation_does()
    {
        var random = new Random(20262);
        for (var round = 0; round < 200; round++)
        {
            var fields = Enumerable.Range(0, random.Next(0, 30)).Select(index => KeyValuePair.Create(
                string.Create(CultureInfo.InvariantCulture, $"{"abAB_"[random.Next(5)]}{index}"), string.Concat("é +😀x&="[..random.Next(7)].EnumerateRunes()))).ToList();
            var signed = "https://a.b/c" + string.Concat(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => field.Key + field.Value));
            _signature.Verify("https://a.b/c", RawForm.Parse(RawForm.Encode(fields)), Hmac(signed)).IsValid.ShouldBeTrue();
        }
    }
}
