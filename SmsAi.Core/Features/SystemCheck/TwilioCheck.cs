using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Features.SystemCheck;

/// <summary>Tests the Twilio account: that our credentials are accepted, and that its numbers post to us.</summary>
public sealed class TwilioCheck(IHttpClientFactory clients, IOptions<TwilioOptions> options, ListenAddress ownAddress)
{
    private const string Account = "Twilio account";
    private const string Numbers = "Twilio numbers";

    private TwilioOptions Settings => options.Value;

    internal async Task<CheckResult> AccountAsync(CancellationToken cancel)
    {
        // An API key may not read the account itself.
        var path = Settings.UsesApiKey || Settings.IsSandbox ? "/Messages.json?PageSize=1" : ".json";
        var asked = $"GET …/Accounts/{Masked(Settings.AccountSid)}{path}";
        if (await GetAsync(path, cancel) is not { } answer)
            return CheckResult.Early(Account, asked);
        if (!answer.IsSuccess)
            return CheckResult.Fail(Account, asked, answer.Shown, answer.Status is 401 or 403
                ? "Check Twilio:AccountSid with Twilio:AuthToken, or Twilio:ApiKeySid with Twilio:ApiKeySecret."
                : "Check that this machine reaches Twilio:ApiBaseUrl.");
        if (Settings.IsSandbox)
            return CheckResult.Warn(Account, asked, "the sandbox answers", "No text leaves this machine. Set the Twilio keys to send for real.");
        // The account's own record holds its token: only these two fields are shown.
        var (status, type) = (Field(answer.Body, "status"), Field(answer.Body, "type"));
        return (status, type) switch
        {
            (null, _) => CheckResult.Ok(Account, asked, $"{answer.Status}, accepted"),
            ("active", "Trial") => CheckResult.Warn(Account, asked, "200: status active, type Trial", "A trial account reaches only numbers verified with Twilio."),
            ("active", _) => CheckResult.Ok(Account, asked, $"200: status active, type {type}"),
            _ => CheckResult.Fail(Account, asked, $"200: status {status}", "Ask Twilio why the account is not active."),
        };
    }

    /// <summary>Where Twilio posts the texts to our configured numbers; nothing in the sandbox, whose numbers have no settings.</summary>
    internal async Task<IReadOnlyList<CheckResult>> NumbersAsync(CancellationToken cancel)
    {
        if (Settings.IsSandbox || Settings.PublicBaseUrl is not { Length: > 0 } ours)
            return [];
        var wanted = ours.TrimEnd('/') + "/sms/receive";
        var results = new List<CheckResult>();
        foreach (var number in Settings.OwnNumbers)
            results.Add(await NumberAsync(number, wanted, cancel));
        return results;
    }

    private async Task<CheckResult> NumberAsync(string number, string wanted, CancellationToken cancel)
    {
        var asked = $"GET …/IncomingPhoneNumbers.json?PhoneNumber={PhoneTail(number)}";
        var answer = await GetAsync($"/IncomingPhoneNumbers.json?PhoneNumber={Uri.EscapeDataString(number)}", cancel);
        if (answer is not { IsSuccess: true })
            return CheckResult.Warn(Numbers, asked, answer?.Shown ?? "not asked", "Check in Twilio's console that this number posts its texts to " + wanted + ".");
        if (SmsUrl(answer.Body) is not { } url)
            return CheckResult.Fail(Numbers, asked, "the account has no such number", "Check Twilio:FromNumber and Twilio:Numbers.");
        var plain = url.Split('#')[0];
        return plain == wanted || Settings.MessagingServiceSid is { Length: > 0 }
            ? CheckResult.Ok(Numbers, asked, $"posts to {plain}")
            : CheckResult.Warn(Numbers, asked, plain.Length == 0 ? "posts nowhere" : $"posts to {Redaction.Of(plain)}", $"Set the number's webhook to {wanted} (POST).");
    }

    private async Task<HttpAnswer?> GetAsync(string path, CancellationToken cancel)
    {
        if (ownAddress.Resolve(Settings.ApiBaseUrl) is not { } api)
            return null;
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri($"{api.AbsoluteUri.TrimEnd('/')}/2010-04-01/Accounts/{Uri.EscapeDataString(Settings.AccountSid ?? "")}{path}"));
        var (user, secret) = Settings.UsesApiKey ? (Settings.ApiKeySid, Settings.ApiKeySecret) : (Settings.AccountSid, Settings.AuthToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}")));
        return await HttpAnswer.AskAsync(clients.CreateClient(SystemCheckServices.Client), request, cancel);
    }

    private static string? SmsUrl(string body)
    {
        using var document = Parse(body);
        return document?.RootElement.TryGetProperty("incoming_phone_numbers", out var numbers) == true && numbers.ValueKind == JsonValueKind.Array
            && numbers.GetArrayLength() > 0 && numbers[0].TryGetProperty("sms_url", out var url) ? url.GetString() ?? "" : null;
    }

    private static string? Field(string body, string name)
    {
        using var document = Parse(body);
        return document?.RootElement.TryGetProperty(name, out var value) == true && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static JsonDocument? Parse(string body)
    {
        try
        {
            return JsonDocument.Parse(body) is { RootElement.ValueKind: JsonValueKind.Object } document ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Masked(string? sid) => sid is { Length: > 6 } ? sid[..4] + "…" + sid[^2..] : "(not set)";

    private static string PhoneTail(string number) => "…" + (number.Length > 2 ? number[^2..] : "");
}
