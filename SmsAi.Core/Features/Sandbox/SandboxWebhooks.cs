using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>Calls our own webhooks as the carrier does: by HTTP, signed, and once more when the connection failed.</summary>
public sealed class SandboxWebhooks(HttpClient client, ListenAddress ownAddress, IOptions<TwilioOptions> options)
{
    /// <summary>The carrier's patience.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Reports what became of a text we sent.</summary>
    internal Task<int?> ReportAsync(string callback, SandboxMessage message, string status, int? error, CancellationToken cancel)
    {
        List<KeyValuePair<string, string>> fields =
        [
            new("ErrorCode", error?.ToString(CultureInfo.InvariantCulture) ?? ""),
            new("SmsSid", message.Sid),
            new("SmsStatus", status),
            new("MessageStatus", status),
            new("To", message.To),
            new("MessageSid", message.Sid),
            new("AccountSid", options.Value.AccountSid!),
            new("From", message.From),
            new("ApiVersion", "2010-04-01"),
        ];
        return PostAsync(new Uri(callback).PathAndQuery, error is null ? fields[1..] : fields, cancel);
    }

    /// <summary>Brings a person's text; the status we answered, or null when we could not be reached.</summary>
    internal Task<int?> BringAsync(SandboxMessage message, CancellationToken cancel)
    {
        List<KeyValuePair<string, string>> fields =
        [
            new("ToCountry", "US"),
            new("SmsMessageSid", message.Sid),
            new("NumMedia", "0"),
            new("SmsSid", message.Sid),
            new("SmsStatus", "received"),
            new("Body", message.Body),
            new("FromCountry", "US"),
            new("To", message.To),
            new("NumSegments", "1"),
            new("MessageSid", message.Sid),
            new("AccountSid", options.Value.AccountSid!),
            new("From", message.From),
            new("ApiVersion", "2010-04-01"),
        ];
        return PostAsync("/sms/receive", fields, cancel);
    }

    /// <summary>Comes back when our own server answers.</summary>
    internal async Task WaitUntilListeningAsync(CancellationToken cancel)
    {
        while (ownAddress.Current is null)
            await Task.Delay(100, cancel);
    }

    private string Own() => ownAddress.Current?.AbsoluteUri.TrimEnd('/')
        ?? throw new InvalidOperationException("The sandbox's carrier can't call before the server listens.");

    // Whatever address a text was sent with, it is brought to where we are now: a restart may have changed the port.
    private async Task<int?> PostAsync(string target, List<KeyValuePair<string, string>> fields, CancellationToken cancel)
    {
        var body = RawForm.Encode(fields);
        var origin = options.Value.PublicBaseUrl is { Length: > 0 } configured ? configured.TrimEnd('/') : Own();
        var signature = TwilioSignature.Sign(WebhookUrl.Join(origin, target), RawForm.Parse(body), options.Value.AuthToken!);
        // It is signed for the outside address, and goes to ourselves by whatever way: the sandbox calls nobody else.
        var address = new Uri(Own() + target);
        var idempotency = Guid.NewGuid().ToString();
        for (var tries = 0; tries < 2; tries++)
            if (await TryPostAsync(address, body, signature, idempotency, cancel) is { } status)
                return status;
        return null;
    }

    private async Task<int?> TryPostAsync(Uri address, byte[] body, string signature, string idempotency, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", signature);
        request.Headers.TryAddWithoutValidation("I-Twilio-Idempotency-Token", idempotency);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            using var response = await client.SendAsync(request, limit.Token);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return null;
        }
    }
}
