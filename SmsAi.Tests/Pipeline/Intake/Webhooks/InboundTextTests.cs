using System.Text;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Tests.Pipeline.Intake.Webhooks;

/// <summary>Webhooks as carriers post them, and what we make of them.</summary>
public sealed class InboundTextTests
{
    private const string Sid = "SM0123456789abcdef0123456789abcdef";

    private const string Ordinary =
        "ToCountry=US&ToState=CA&SmsMessageSid=" + Sid + "&NumMedia=0&ToCity=&FromZip=94105&SmsSid=" + Sid
        + "&FromState=CA&SmsStatus=received&FromCity=SAN+FRANCISCO&Body=hi+there&FromCountry=US&To=%2B18005551212&ToZip="
        + "&NumSegments=1&MessageSid=" + Sid + "&AccountSid=AC0123456789abcdef0123456789abcdef&From=%2B14158675309&ApiVersion=2010-04-01";

    private static InboundText Parse(string body) => InboundText.Parse(RawForm.Parse(Encoding.ASCII.GetBytes(body)));

    [Fact]
    public void Ordinary_text_is_read()
    {
        var text = Parse(Ordinary);
        text.Faults.ShouldBeEmpty();
        text.MessageSid.ShouldBe(Sid);
        text.AccountSid.ShouldBe("AC0123456789abcdef0123456789abcdef");
        text.From.Canonical.ShouldBe("+14158675309");
        text.To.Canonical.ShouldBe("+18005551212");
        text.Body.ShouldBe("hi there");
        text.Channel.ShouldBe("sms");
        text.NumSegments.ShouldBe(1);
        text.Media.ShouldBeEmpty();
        text.OptOutType.ShouldBeNull();
        text.MessagingServiceSid.ShouldBeNull();
        text.FromPlace.ShouldBe(new GeoPlace("SAN FRANCISCO", "CA", "94105", "US"));
        text.ToPlace.ShouldBe(new GeoPlace(null, "CA", null, "US"));
    }

    [Fact]
    public void Fields_beside_the_main_ones_are_stored_without_empties_and_copies() =>
        Parse(Ordinary).Fields.ToJson().ShouldBe(
            """{"ToCountry":"US","ToState":"CA","FromZip":"94105","FromState":"CA","FromCity":"SAN FRANCISCO","FromCountry":"US"}""");

    [Fact]
    public void Unknown_and_repeated_fields_are_stored_and_read_back()
    {
        var json = Parse(Ordinary + "&New=%C3%A9%22&Tag=b&Tag=a").Fields.ToJson();
        json.ShouldNotBeNull().ShouldContain("""
            "New":"é\"","Tag":["b","a"]
            """.Trim());
        var back = WebhookFields.FromJson(json);
        back["New"].ShouldBe("é\"");
        back.All.Where(field => field.Key == "Tag").Select(field => field.Value).ShouldBe(["b", "a"]);
        back.ToJson().ShouldBe(json);
    }

    [Fact]
    public void Media_are_listed_with_their_types()
    {
        var text = Parse(Ordinary.Replace("NumMedia=0", "NumMedia=2").Replace("Body=hi+there", "Body=")
            + "&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2Fa&MediaContentType0=image%2Fjpeg&MediaUrl1=https%3A%2F%2Fapi.twilio.com%2Fb");
        text.Faults.ShouldBeEmpty();
        text.Body.ShouldBe("");
        text.Channel.ShouldBe("sms");
        text.Media.ShouldBe([new("https://api.twilio.com/a", "image/jpeg"), new("https://api.twilio.com/b", null)]);
    }

    [Theory]
    [InlineData("999999999")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("99999999999999999999")]
    public void Odd_media_counts_do_no_harm(string count) =>
        Parse(Ordinary.Replace("NumMedia=0", "NumMedia=" + count)).ShouldSatisfyAllConditions(
            text => text.Faults.ShouldBeEmpty(), text => text.Media.ShouldBeEmpty());

    [Fact]
    public void WhatsApp_text_with_name_button_and_place_is_read()
    {
        var text = Parse($"MessageSid={Sid}&AccountSid=ACx&From=whatsapp%3A%2B4915112345678&To=whatsapp%3A%2B18005551212&Body=&NumMedia=0"
            + "&ProfileName=J%C3%B6rg&WaId=4915112345678&ButtonText=Yes&ButtonPayload=yes-1&MessageType=location&Latitude=52.5&Longitude=-13.25");
        text.Channel.ShouldBe("whatsapp");
        text.From.Country.ShouldBe("DE");
        text.ProfileName.ShouldBe("Jörg");
        text.Button.ShouldBe("yes-1");
        text.Location.ShouldBe((52.5, -13.25));
        text.Fields["WaId"].ShouldBe("4915112345678");
    }

    [Fact]
    public void WhatsApp_scoped_id_is_kept_with_its_verdict() =>
        Parse($"MessageSid={Sid}&AccountSid=ACx&From=whatsapp%3AUS.1349&To=whatsapp%3A%2B18005551212&Body=x")
            .From.Verdict.ShouldBe(PhoneVerdict.WhatsAppScopedId);

    [Fact]
    public void Opt_out_type_and_service_are_read()
    {
        var text = Parse(Ordinary + "&OptOutType=stop&MessagingServiceSid=MG0123456789abcdef0123456789abcdef");
        text.OptOutType.ShouldBe("STOP");
        text.MessagingServiceSid.ShouldBe("MG0123456789abcdef0123456789abcdef");
    }

    [Fact]
    public void Body_loses_nul_and_broken_utf8_but_nothing_else()
    {
        var text = Parse(Ordinary.Replace("hi+there", "+a%00b%E9c%0A+"));
        text.Body.ShouldBe(" ab\uFFFDc\n ");
        text.WasRepaired.ShouldBeTrue();
        Parse(Ordinary).WasRepaired.ShouldBeFalse();
    }

    [Theory]
    [InlineData("VGhpcyBpcyBhIGxvbmcgdGV4dCB0aGF0IGNhbWUgaW4gc2V2ZXJhbCBwYXJ0cyBhbmQgd2FzIGVuY29kZWQu", "This is a long text that came in several parts and was encoded.")]
    [InlineData("R3LDvMOfZSBhdXMgS8O2bG46IGRpZXNlciBUZXh0IGthbSBpbiBtZWhyZXJlbiBUZWlsZW4gYW4u", "Grüße aus Köln: dieser Text kam in mehreren Teilen an.")]
    public void Body_that_came_as_base64_is_decoded_and_the_original_kept(string body, string expected)
    {
        var text = Parse(Ordinary.Replace("hi+there", Uri.EscapeDataString(body)));
        text.Body.ShouldBe(expected);
        text.BodyWasBase64.ShouldBeTrue();
        text.Fields["Body:base64"].ShouldBe(body);
    }

    [Theory]
    [InlineData("VGhpcyBpcyBzaG9ydA==")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("Whateverthisisitisaverylongwordwithoutanyspacesinitandnotbase64x")]
    [InlineData("VGhpcyBpcyBhIGxvbmcgdGV4dCB0aGF0IGNhbWUgaW4gc2V2ZXJhbCBwYXJ0cyBhbmQgd2FzIGVuY29kZWQ=!!!!")]
    public void Body_that_only_resembles_base64_stays_as_written(string body) =>
        Parse(Ordinary.Replace("hi+there", Uri.EscapeDataString(body))).Body.ShouldBe(body);

    [Theory]
    [InlineData("MessageSid=" + Sid + "&", "MessageSid")]
    [InlineData("From=%2B14158675309&", "From")]
    [InlineData("To=%2B18005551212&", "To")]
    [InlineData("AccountSid=AC0123456789abcdef0123456789abcdef&", "AccountSid")]
    public void Missing_field_is_named_with_the_way_out(string part, string field)
    {
        var fault = Parse(Ordinary.Replace(part, "", StringComparison.Ordinal)).Faults.ShouldHaveSingleItem();
        (fault.Field, fault.Kind, fault.Status).ShouldBe((field, FieldFaultKind.Missing, 400));
        fault.Words.ShouldStartWith($"{field} is missing.");
    }

    [Theory]
    [InlineData("SM%20x")]
    [InlineData("SM'--")]
    [InlineData("")]
    [InlineData("SMé")]
    public void Odd_message_id_is_refused(string sid) =>
        Parse(Ordinary.Replace("MessageSid=" + Sid + "&Acc", $"MessageSid={sid}&Acc")).Faults.ShouldHaveSingleItem().Kind.ShouldBe(FieldFaultKind.Malformed);

    [Fact]
    public void All_faults_are_told_at_once() =>
        Parse("Body=x").Faults.Select(fault => fault.Field).ShouldBe(["MessageSid", "AccountSid", "From", "To"], ignoreOrder: true);

    [Theory]
    [InlineData("Body=hi+there")]
    [InlineData("From=%2B19995550000")]
    [InlineData("MessageSid=SMx")]
    public void Repeat_of_a_field_sent_once_is_refused_like_a_forgery(string extra)
    {
        var fault = Parse(Ordinary + "&" + extra).Faults.ShouldHaveSingleItem();
        (fault.Field, fault.Kind, fault.Status).ShouldBe((extra.Split('=')[0], FieldFaultKind.Repeated, 403));
    }

    [Fact]
    public void Sender_without_number_is_kept_with_its_verdict()
    {
        var text = Parse(Ordinary.Replace("From=%2B14158675309", "From=MYBANK"));
        text.Faults.ShouldBeEmpty();
        text.From.Verdict.ShouldBe(PhoneVerdict.Alphanumeric);
    }
}
