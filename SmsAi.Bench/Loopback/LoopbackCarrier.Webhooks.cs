using System.Diagnostics;
using System.Globalization;

namespace SmsAi.Bench.Loopback;

// What the carrier sends to us: people's texts and delivery receipts, signed, with its own few retries.
public sealed partial class LoopbackCarrier
{
    private readonly HttpClient _webhooks = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxConnectionsPerServer = 512,
        ActivityHeadersPropagator = null,
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Where the product listens, when that differs from the address its webhooks are signed over.</summary>
    public Uri? Product { get; set; }

    /// <summary>The address that webhooks are signed over: the product's <c>Twilio:PublicBaseUrl</c>.</summary>
    public string PublicBaseUrl { get; set; } = "";

    /// <summary>Reports that were refused or lost; a healthy run has none.</summary>
    public int FailedReports => _failedReports;

    private int _failedReports;

    /// <summary>A person texts us: the carrier keeps the text, and tries to bring it.</summary>
    public Task<WebhookOutcome> TextAsync(string from, string body, CancellationToken cancel = default)
    {
        var text = KeepInbound(from, body);
        return BringAsync(text, cancel);
    }

    /// <summary>A person's text the carrier keeps and never brings, as in an outage it gave up on.</summary>
    public LoopbackText KeepInbound(string from, string body)
    {
        var text = NewText(from, Number, body, isInbound: true);
        Ledger.Add(text);
        return text;
    }

    /// <summary>Brings a kept text, once more if it was brought before.</summary>
    public Task<WebhookOutcome> BringAsync(LoopbackText text, CancellationToken cancel = default) =>
        PostAsync(PublicBaseUrl.TrimEnd('/') + "/sms/receive", text.Sid,
        [
            new("ToCountry", "US"), new("ToState", ""), new("SmsMessageSid", text.Sid), new("NumMedia", "0"), new("ToCity", ""),
            new("FromZip", ""), new("SmsSid", text.Sid), new("FromState", "CA"), new("SmsStatus", "received"), new("FromCity", ""),
            new("Body", text.Body), new("FromCountry", "US"), new("To", text.To), new("ToZip", ""), new("NumSegments", "1"),
            new("MessageSid", text.Sid), new("AccountSid", AccountSid), new("From", text.From), new("ApiVersion", "2010-04-01"),
        ], Script.Rules, cancel);

    /// <summary>Reports a status of a text, as a receipt does; for reports no plan makes.</summary>
    public async Task ReportAsync(LoopbackText text, ReceiptStep step)
    {
        // The list tells the furthest state, whichever order the reports take.
        if (Rank(step.Status) >= Rank(text.Status))
            (text.Status, text.ErrorCode) = (step.Status, step.ErrorCode);
        if (text.StatusCallback is not { } callback)
            return;
        List<KeyValuePair<string, string>> fields =
        [
            new("SmsSid", text.Sid), new("SmsStatus", step.Status), new("MessageStatus", step.Status), new("To", text.To),
            new("MessageSid", text.Sid), new("AccountSid", AccountSid), new("From", text.From), new("ApiVersion", "2010-04-01"),
        ];
        if (step.ErrorCode is { } code)
            fields.Add(new("ErrorCode", code.ToString(CultureInfo.InvariantCulture)));
        var outcome = await PostAsync(callback, text.Sid, fields, Script.Rules, _ending.Token);
        if (!outcome.IsTaken)
            Interlocked.Increment(ref _failedReports);
    }

    private async Task ReportLaterAsync(LoopbackText text, IEnumerable<ReceiptStep> steps)
    {
        try
        {
            foreach (var step in steps)
            {
                if (step.After > TimeSpan.Zero)
                    await Task.Delay(step.After, _ending.Token);
                await ReportAsync(text, step);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task<WebhookOutcome> PostAsync(
        string signedUrl, string sid, List<KeyValuePair<string, string>> fields, WebhookRules rules, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var token = Guid.NewGuid().ToString();
        var last = (Status: (int?)null, Body: "", Again: true);
        var tries = 0;
        while (tries <= rules.Retries && last.Again && Stopwatch.GetElapsedTime(start) is var used && used < rules.Total)
        {
            if (tries++ > 0)
                await Task.Delay(rules.Pause, cancel);
            last = await TryAsync(signedUrl, fields, token, rules, rules.Total - used, cancel);
        }
        if (last.Status is not (>= 200 and < 300) && rules.Fallback is { } fallback)
        {
            tries++;
            last = await TryAsync(fallback.AbsoluteUri, fields, token, rules, rules.ReadTimeout, cancel);
        }
        return new WebhookOutcome(sid, last.Status, last.Body, tries);
    }

    private async Task<(int? Status, string Body, bool Again)> TryAsync(
        string signedUrl, List<KeyValuePair<string, string>> fields, string token, WebhookRules rules, TimeSpan left, CancellationToken cancel)
    {
        var address = Product is null ? new Uri(signedUrl) : new Uri(Product, new Uri(signedUrl).PathAndQuery);
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", TwilioSigner.Sign(signedUrl, fields, AuthToken));
        request.Headers.TryAddWithoutValidation("I-Twilio-Idempotency-Token", token);
        request.Headers.TryAddWithoutValidation("User-Agent", "TwilioProxy/1.1");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(left < rules.ReadTimeout ? left : rules.ReadTimeout);
        try
        {
            using var response = await _webhooks.SendAsync(request, limit.Token);
            var status = (int)response.StatusCode;
            return (status, await response.Content.ReadAsStringAsync(limit.Token), status >= 500 && rules.RetriesServerErrors);
        }
        catch (HttpRequestException fault)
        {
            // No connection came about, or it broke: the first is always worth another try.
            return (null, "", fault.HttpRequestError == HttpRequestError.ConnectionError || rules.RetriesTimeouts);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, "", rules.RetriesTimeouts);
        }
    }

    private static int Rank(string status) => status switch
    {
        "queued" => 1,
        "sending" => 2,
        "sent" => 3,
        "undelivered" or "failed" => 4,
        "delivered" => 5,
        _ => 6,
    };
}
