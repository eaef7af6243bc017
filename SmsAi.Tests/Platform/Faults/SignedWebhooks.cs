using System.Globalization;
using System.Net.Http.Headers;
using SmsAi.Bench.Loopback;

namespace SmsAi.Tests.Platform.Faults;

/// <summary>Posts webhooks by hand to one replica, signed as the carrier does or as the test wants.</summary>
public sealed class SignedWebhooks(LoopbackCarrier carrier)
{
    public const string Receive = "/sms/receive";
    public const string FormType = "application/x-www-form-urlencoded";

    /// <summary>A person's text as the carrier brings it.</summary>
    public Dictionary<string, string> FieldsOf(LoopbackText text) => new(StringComparer.Ordinal)
    {
        ["ToCountry"] = "US",
        ["SmsMessageSid"] = text.Sid,
        ["NumMedia"] = "0",
        ["SmsStatus"] = "received",
        ["Body"] = text.Body,
        ["FromCountry"] = "US",
        ["To"] = text.To,
        ["NumSegments"] = "1",
        ["MessageSid"] = text.Sid,
        ["AccountSid"] = carrier.AccountSid,
        ["From"] = text.From,
        ["ApiVersion"] = "2010-04-01",
    };

    /// <summary>What became of a text we sent, as the carrier reports it.</summary>
    public Dictionary<string, string> StatusOf(string sid, string to, string status, int? error = null)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["SmsSid"] = sid,
            ["SmsStatus"] = status,
            ["MessageStatus"] = status,
            ["To"] = to,
            ["MessageSid"] = sid,
            ["AccountSid"] = carrier.AccountSid,
            ["From"] = carrier.Number,
            ["ApiVersion"] = "2010-04-01",
        };
        if (error is { } code)
            fields["ErrorCode"] = code.ToString(CultureInfo.InvariantCulture);
        return fields;
    }

    public string Sign(string path, IEnumerable<KeyValuePair<string, string>> fields) => TwilioSigner.Sign(carrier.PublicBaseUrl + path, fields, carrier.AuthToken);

    /// <summary>Posts a form with the carrier's own signature.</summary>
    public Task<HttpResponseMessage> PostAsync(AppProcess app, string path, Dictionary<string, string> fields) =>
        PostAsync(app, path, new FormUrlEncodedContent(fields), Sign(path, fields));

    /// <summary>Posts any body with any signature, or none.</summary>
    public static async Task<HttpResponseMessage> PostAsync(AppProcess app, string path, HttpContent body, string? signature, string contentType = FormType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("X-Twilio-Signature", signature);
        return await app.Http.SendAsync(request);
    }
}
