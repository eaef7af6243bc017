using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Http;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Features.Phone;

/// <summary>Texts us from a handset as the carrier would bring it: a signed webhook over HTTP to this very app, through every check it has.</summary>
public sealed class Handset(
    HttpClient client, ListenAddress own, SandboxHandset carrier, SandboxState sandbox, WireLog wire, LiveFeed live, IOptions<TwilioOptions> twilio,
    TimeProvider time)
{
    private const string Path = "/sms/receive";

    /// <summary>A carrier's own patience.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TwilioOptions _twilio = twilio.Value;

    /// <summary>The answers come later, by the conversation.</summary>
    public async Task<HandsetPost> TextAsync(HandsetText text, Actor actor, CancellationToken cancel)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Texting from a handset needs the right to operate.");
        if (text.Body.Length is 0 or > HandsetText.Longest)
            throw new ArgumentException($"A text has 1 to {HandsetText.Longest} characters.", nameof(text));

        // The sandbox's carrier keeps what it brings, so that its list shows it. What is signed wrongly does not come from it.
        var sid = _twilio.IsSandbox && !text.HasWrongToken
            ? (await carrier.KeepAsync(text.From.Canonical, text.Body, cancel)).Sid
            : "SM" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        if (text.Delay > TimeSpan.Zero)
            await Task.Delay(text.Delay, time, cancel);
        if (!text.HasWrongToken && (await sandbox.CurrentAsync(cancel)).Has(SandboxFault.WebhooksLost, text.From.Canonical))
            return Lost(text, sid);

        var form = RawForm.Encode(Fields(text, sid));
        var first = PostAsync(text, sid, form, "signed", cancel);
        if (!text.IsTwice)
            return await first;
        await PostAsync(text, sid, form, "the same SID again", cancel);
        return await first;
    }

    private async Task<HandsetPost> PostAsync(HandsetText text, string sid, byte[] form, string note, CancellationToken cancel)
    {
        var token = text.HasWrongToken ? RandomNumberGenerator.GetHexString(32, lowercase: true) : _twilio.AuthToken!;
        var address = own.Current ?? throw new InvalidOperationException("The app does not listen yet.");
        // It is signed for the outside address, and goes to ourselves by the shortest way.
        var origin = string.IsNullOrWhiteSpace(_twilio.PublicBaseUrl) ? address.AbsoluteUri : _twilio.PublicBaseUrl;
        var signature = TwilioSignature.Sign(WebhookUrl.Join(origin.TrimEnd('/'), Path), RawForm.Parse(form), token);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, Path)) { Content = new ByteArrayContent(form) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        request.Headers.TryAddWithoutValidation("X-Twilio-Signature", signature);
        var (at, began) = (time.GetUtcNow(), Stopwatch.GetTimestamp());
        var status = await SendAsync(request, cancel);
        Note(text, new WireLine(
            wire.NextKey(), at, WireDirection.In, "POST " + Path, text.HasWrongToken ? "signed with a wrong token" : note, status, Stopwatch.GetElapsedTime(began),
            [new WireFact("X-Twilio-Signature", $"{signature[..4]}…{signature[^4..]}"), .. Facts(text, sid)]));
        return new HandsetPost(sid, status);
    }

    private async Task<int?> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
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

    private HandsetPost Lost(HandsetText text, string sid)
    {
        Note(text, new WireLine(
            wire.NextKey(), time.GetUtcNow(), WireDirection.In, "POST " + Path, "lost on the way, the sweep brings it", null, null, [.. Facts(text, sid)]));
        return new HandsetPost(sid, null, IsLost: true);
    }

    private void Note(HandsetText text, WireLine line)
    {
        wire.Add(text.From, line);
        live.Publish(LiveTopics.Phone);
    }

    private IEnumerable<WireFact> Facts(HandsetText text, string sid) =>
    [
        new("MessageSid", sid),
        new("From", text.From.Canonical),
        new("To", _twilio.OwnNumbers.FirstOrDefault() ?? ""),
        new("Body", text.Body.Length == 1 ? "1 character" : string.Create(CultureInfo.InvariantCulture, $"{text.Body.Length} characters")),
        new("NumMedia", "0"),
    ];

    private List<KeyValuePair<string, string>> Fields(HandsetText text, string sid)
    {
        List<KeyValuePair<string, string>> fields =
        [
            new("ToCountry", "US"),
            new("SmsMessageSid", sid),
            new("NumMedia", "0"),
            new("SmsSid", sid),
            new("SmsStatus", "received"),
            new("Body", text.Body),
            new("FromCountry", "US"),
            new("To", _twilio.OwnNumbers.FirstOrDefault() ?? ""),
            new("NumSegments", "1"),
            new("MessageSid", sid),
            new("AccountSid", _twilio.AccountSid!),
            new("From", text.From.Canonical),
            new("ApiVersion", "2010-04-01"),
        ];
        if (!string.IsNullOrEmpty(_twilio.MessagingServiceSid))
            fields.Insert(8, new("MessagingServiceSid", _twilio.MessagingServiceSid));
        return fields;
    }
}
