using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SmsAi.Core.Pipeline.Delivery;

namespace SmsAi.Tests.Pipeline.Delivery;

/// <summary>Bodies as Twilio sends them, and what each means for the text that was handed over.</summary>
public sealed class TwilioAnswersTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(201, """{"body":"Hi","num_segments":"1","direction":"outbound-api","from":"+15005550006","date_updated":"Thu, 24 Aug 2023 05:01:45 +0000","price":null,"error_message":null,"uri":"/2010-04-01/Accounts/AC1/Messages/SM1.json","account_sid":"AC1","num_media":"0","to":"+15005550010","date_created":"Thu, 24 Aug 2023 05:01:45 +0000","status":"queued","sid":"SM1","date_sent":null,"messaging_service_sid":null,"error_code":null,"price_unit":"USD","api_version":"2010-04-01","subresource_uris":{"media":"/x"},"tags":{"a":"b"}}""", "Accepted SM1 queued 1 ")]
    [InlineData(201, """{"num_segments":"0","price":"-0.0075","price_unit":"USD","status":"accepted","sid":"SM2","messaging_service_sid":"MG1","from":null}""", "Accepted SM2 accepted 0 7500")]
    [InlineData(201, """{"num_segments":"1","price":"-0.0075","price_unit":"EUR","status":"queued","sid":"SM3"}""", "Accepted SM3 queued 1 ")]
    [InlineData(429, """{"code":20429,"message":"Too Many Requests","more_info":"https://www.twilio.com/docs/errors/20429","status":429}""", "Throttled 2 20429")]
    [InlineData(429, "Too many", "Throttled 2 20429")]
    [InlineData(400, """{"code":21611,"message":"This 'From' number has exceeded the maximum number of queued messages","status":400}""", "Throttled 2 21611")]
    [InlineData(401, """{"code":20003,"detail":"","message":"Authenticate","more_info":"https://www.twilio.com/docs/errors/20003","status":401}""", "ConfigurationFault 20003 Authenticate")]
    [InlineData(401, "", "ConfigurationFault 401 the carrier answered 401")]
    [InlineData(403, """{"code":20005,"message":"Account not active","status":403}""", "ConfigurationFault 20005 Account not active")]
    [InlineData(404, """{"code":20404,"message":"The requested resource /2010-04-01/Accounts/AC1/Messages.json was not found","status":404}""", "ConfigurationFault 20404 The requested resource /…/Accounts/AC1/Messages.json was not found")]
    [InlineData(404, "<html>", "ConfigurationFault 404 the carrier answered 404")]
    [InlineData(302, "", "ConfigurationFault 302 the carrier answered 302")]
    [InlineData(400, """{"code":21609,"message":"The 'StatusCallback' URL is not a valid URL.","status":400}""", "ConfigurationFault 21609 The 'StatusCallback' URL is not a valid URL.")]
    [InlineData(400, """{"code":21659,"message":"'From' +15005550006 is not a Twilio phone number or Short Code country mismatch","status":400}""", "ConfigurationFault 21659 'From' … is not a Twilio phone number or Short Code country mismatch")]
    [InlineData(400, """{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}""", "Refused 21610 Attempt to send to unsubscribed recipient")]
    [InlineData(400, """{"code":21211,"message":"Invalid 'To' Phone Number: +1500555XXXX","more_info":"https://www.twilio.com/docs/errors/21211","status":400}""", "Refused 21211 Invalid 'To' Phone Number: …XXXX")]
    [InlineData(400, """{"code":21614,"message":"'To' number is not a valid mobile number","status":400}""", "Refused 21614 'To' number is not a valid mobile number")]
    [InlineData(403, """{"code":21408,"message":"Permission to send an SMS has not been enabled for the region","status":403}""", "Refused 21408 Permission to send an SMS has not been enabled for the region")]
    [InlineData(400, """{"type":"https://www.twilio.com/docs/errors/21617","title":"Bad request","detail":"The concatenated message body exceeds the limit","status":400,"code":"21617","instance":"x"}""", "Refused 21617 The concatenated message body exceeds the limit")]
    [InlineData(403, """{"code":21999,"message":"Something new about this message","status":403}""", "Refused 21999 Something new about this message")]
    [InlineData(413, "", "Refused 413 the carrier answered 413")]
    [InlineData(500, """{"code":20500,"message":"Internal Server Error","status":500}""", "Uncertain the carrier answered 500")]
    [InlineData(502, "<html>bad gateway</html>", "Uncertain the carrier answered 502")]
    [InlineData(503, "", "Uncertain the carrier answered 503")]
    [InlineData(408, "", "Uncertain the carrier answered 408")]
    [InlineData(201, """{"sid":"SM4","sta""", "Uncertain answered 201 without a message")]
    [InlineData(200, "", "Uncertain answered 200 without a message")]
    [InlineData(200, "{}", "Uncertain answered 200 without a message")]
    public void An_answer_to_a_send_means(int status, string body, string meaning) =>
        Words(Send(status, body)).ShouldBe(meaning);

    [Fact]
    public void A_sender_that_is_not_the_configured_one_fails_its_own_texts_only()
    {
        const string body = """{"code":21606,"message":"The 'From' phone number is not a valid sender","status":400}""";

        Words(Send(400, body, isOwnSender: false)).ShouldStartWith("Refused 21606");
        Words(Send(400, body, isOwnSender: true)).ShouldStartWith("ConfigurationFault 21606");
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 2)]
    [InlineData("3600", 300)]
    [InlineData("Sun, 01 Mar 2026 12:00:30 GMT", 30)]
    [InlineData("Sun, 01 Mar 2026 11:00:00 GMT", 2)]
    public void The_asked_pause_is_kept_between_two_seconds_and_five_minutes(string retryAfter, int seconds)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.RetryAfter = RetryConditionHeaderValue.Parse(retryAfter);

        TwilioAnswers.OfSend(response, [], isOwnSender: true, Now).ShouldBe(new SendResult.Throttled(TimeSpan.FromSeconds(seconds), 20429));
    }

    private static SendResult Send(int status, string body, bool isOwnSender = true)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        return TwilioAnswers.OfSend(response, Encoding.UTF8.GetBytes(body), isOwnSender, Now);
    }

    private static string Words(SendResult result) => result switch
    {
        SendResult.Accepted taken => $"Accepted {taken.Sid} {taken.CarrierStatus} {taken.Segments} {taken.PriceMicros}",
        SendResult.Throttled busy => $"Throttled {busy.RetryAfter.TotalSeconds} {busy.Code}",
        SendResult.Refused refused => $"Refused {refused.Code} {refused.Message}",
        SendResult.ConfigurationFault fault => $"ConfigurationFault {fault.Code} {fault.Message}",
        SendResult.NotSent unsent => $"NotSent {unsent.Reason}",
        SendResult.Uncertain uncertain => $"Uncertain {uncertain.Reason}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
