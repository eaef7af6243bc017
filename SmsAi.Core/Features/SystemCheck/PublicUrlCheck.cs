using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>
/// Posts a webhook, signed as Twilio would, to ourselves through the public URL: it shows whether proxy, certificate and signature work
/// together, and which spelling of the URL fitted.
/// </summary>
public sealed class PublicUrlCheck(IHttpClientFactory clients, IOptions<TwilioOptions> options, ListenAddress ownAddress)
{
    private const string Name = "Public URL";

    private TwilioOptions Settings => options.Value;

    internal async Task<CheckResult> RunAsync(CancellationToken cancel)
    {
        var origin = Settings.PublicBaseUrl is { Length: > 0 } configured ? configured.TrimEnd('/') : ownAddress.Current?.AbsoluteUri.TrimEnd('/');
        if (origin is null)
            return CheckResult.Fail(Name, "Twilio:PublicBaseUrl", "not set, and the server does not listen yet", "Set the URL Twilio reaches this service by.");
        if (Settings.AuthToken is not { Length: > 0 } token)
            return CheckResult.Fail(Name, "Twilio:AuthToken", "not set", "Webhooks are signed with it.");
        var url = WebhookUrl.Join(origin, SelfTest.Path);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var answer = await PostAsync(url, nonce, token, cancel);
        return Judge(answer, $"POST {url}, signed", nonce);
    }

    private CheckResult Judge(HttpAnswer answer, string asked, string nonce)
    {
        if (answer.IsSuccess && Read(answer.Body) is { } seen && seen.Nonce == nonce)
            return Settings.PublicBaseUrl is { Length: > 0 }
                ? CheckResult.Ok(Name, asked, $"{answer.Status}: signed with the {seen.Token} token, URL {seen.Variant} ({seen.Url})")
                : CheckResult.Warn(Name, asked, $"{answer.Status}: URL {seen.Variant} ({seen.Url})", "Only this machine reaches that address. Set Twilio:PublicBaseUrl when Twilio should.");
        return answer.Status switch
        {
            null => CheckResult.Fail(Name, asked, answer.Shown, "Check the name, the certificate and the proxy; some networks don't let a machine reach its own public address."),
            >= 300 and < 400 => CheckResult.Fail(Name, asked, $"{answer.Status} to {Redaction.Of(answer.Location ?? "?")}", "Twilio does not follow it with the same signature: set Twilio:PublicBaseUrl to the final URL."),
            403 => CheckResult.Fail(Name, asked, answer.Shown, "The request arrived under another URL, or without its header: the proxy must pass path, query and X-Twilio-Signature unchanged."),
            404 => CheckResult.Fail(Name, asked, answer.Shown, "Something else answers there, or the proxy cuts off the path."),
            _ => CheckResult.Fail(Name, asked, answer.Shown, "Something else answers there."),
        };
    }

    private async Task<HttpAnswer> PostAsync(string url, string nonce, string token, CancellationToken cancel)
    {
        var body = RawForm.Encode([new("AccountSid", Settings.AccountSid ?? ""), new("Nonce", nonce)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        request.Headers.Add("X-Twilio-Signature", TwilioSignature.Sign(url, RawForm.Parse(body), token));
        return await HttpAnswer.AskAsync(clients.CreateClient(SystemCheckServices.Client), request, cancel);
    }

    private static SelfTestAnswer? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, SelfTestJson.Default.SelfTestAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
