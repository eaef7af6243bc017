using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SmsAi.Bench.Loopback;

/// <summary>
/// The carrier on this machine: it speaks Twilio's protocol over real HTTP, keeps a ledger of everything it saw,
/// and misbehaves as its script says.
/// </summary>
public sealed partial class LoopbackCarrier : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly CancellationTokenSource _ending = new();
    private readonly string _expected;

    private LoopbackCarrier()
    {
        AccountSid = "AC" + RandomNumberGenerator.GetHexString(32, lowercase: true);
        AuthToken = RandomNumberGenerator.GetHexString(32, lowercase: true);
        _expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{AccountSid}:{AuthToken}"));
        _server = new LoopbackServer(ServeAsync);
    }

    public string AccountSid { get; }

    public string AuthToken { get; }

    /// <summary>Our number there.</summary>
    public string Number { get; init; } = "+15005550006";

    /// <summary>Where it answers: the value of <c>Twilio:ApiBaseUrl</c>.</summary>
    public Uri Address => _server.Address;

    public CarrierLedger Ledger { get; } = new();

    public CarrierScript Script { get; } = new();

    /// <summary>The settings with which the product uses this carrier; <paramref name="publicBaseUrl"/> is what webhooks are signed over.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings(string publicBaseUrl) =>
    [
        new("Twilio:AccountSid", AccountSid),
        new("Twilio:AuthToken", AuthToken),
        new("Twilio:FromNumber", Number),
        new("Twilio:ApiBaseUrl", Address.AbsoluteUri),
        new("Twilio:PublicBaseUrl", publicBaseUrl),
    ];

    public static async Task<LoopbackCarrier> StartAsync()
    {
        var carrier = new LoopbackCarrier();
        await carrier._server.StartAsync();
        return carrier;
    }

    /// <summary>Connections to it are refused until <see cref="ReturnAsync"/>; the ledger stays.</summary>
    public Task LeaveAsync() => _server.StopAsync();

    /// <summary>Answers again, on the same port.</summary>
    public Task ReturnAsync() => _server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _server.DisposeAsync();
        _webhooks.Dispose();
        _ending.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var arrivedAt = DateTimeOffset.UtcNow;
        var request = context.Request;
        var isSend = HttpMethods.IsPost(request.Method);
        var send = isSend ? await ReadSendAsync(request) : null;
        Ledger.Note(new LoopbackRequest(arrivedAt, request.Method, request.Path + request.QueryString, send));
        if (request.Headers.Authorization != _expected)
            await ErrorAsync(context, 401, 20003, "Authenticate");
        else if (send is not null)
            await TakeAsync(context, send);
        else if (Script.IsListAway)
            await ErrorAsync(context, 503, 20503, "Service unavailable");
        else
            await LookUpAsync(context);
    }

    private async Task TakeAsync(HttpContext context, LoopbackSend send)
    {
        await WaitAsync(Script.LatencyBefore);
        var act = Script.Decide?.Invoke(send) ?? CarrierAct.Accept;
        if (!act.Takes)
        {
            await WaitAsync(Script.LatencyAfter);
            await ReplyAsync(context, act, null);
            return;
        }
        var text = Accept(send);
        // The answer tells the state of this moment, however fast the receipts are.
        var taken = Resource(text);
        var plan = Script.Receipts?.Invoke(text) ?? ReceiptPlans.Delivered(TimeSpan.Zero);
        foreach (var step in plan.TakeWhile(step => step.IsBeforeAnswer))
            await ReportAsync(text, step);
        await WaitAsync(Script.LatencyAfter);
        var replying = ReplyAsync(context, act, taken);
        if (act.Reply == CarrierReply.Answer)
            await replying;
        _ = ReportLaterAsync(text, plan.SkipWhile(step => step.IsBeforeAnswer));
        await replying;
    }

    private async Task ReplyAsync(HttpContext context, CarrierAct act, object? taken)
    {
        switch (act.Reply)
        {
            case CarrierReply.Reset:
                context.Abort();
                break;
            case CarrierReply.Never:
                await NeverAsync(context.RequestAborted);
                break;
            case var _ when act.Status == 201 && taken is not null:
                await AnswerAsync(context, 201, taken);
                break;
            default:
                if (act.RetryAfterSeconds is { } seconds)
                    context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                await ErrorAsync(context, act.Status, act.Code, "As the script says");
                break;
        }
    }

    private LoopbackText Accept(LoopbackSend send)
    {
        var text = NewText(send.From.Length > 0 ? send.From : Number, send.To, send.Body, isInbound: false) with
        {
            StatusCallback = send.StatusCallback,
            MessageId = send.MessageId,
        };
        Ledger.Add(text);
        return text;
    }

    private LoopbackText NewText(string from, string to, string body, bool isInbound) => new()
    {
        Sid = "SM" + RandomNumberGenerator.GetHexString(32, lowercase: true),
        Number = Ledger.NextNumber(),
        IsInbound = isInbound,
        From = from,
        To = to,
        Body = body,
        At = DateTimeOffset.UtcNow,
        Status = isInbound ? "received" : "queued",
    };

    private static Task WaitAsync(Func<TimeSpan>? latency) => latency is null ? Task.CompletedTask : Task.Delay(latency());

    private async Task NeverAsync(CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, _ending.Token);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task<LoopbackSend> ReadSendAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var fields = Fields(await reader.ReadToEndAsync());
        var callback = fields.GetValueOrDefault("StatusCallback");
        var mark = callback?.IndexOf("?m=", StringComparison.Ordinal) ?? -1;
        return new LoopbackSend(
            fields.GetValueOrDefault("To", ""), fields.GetValueOrDefault("From", ""), fields.GetValueOrDefault("MessagingServiceSid"),
            fields.GetValueOrDefault("Body", ""), callback,
            mark >= 0 && long.TryParse(callback.AsSpan(mark + 3), CultureInfo.InvariantCulture, out var id) ? id : null);
    }

    private static Dictionary<string, string> Fields(string form)
    {
        var fields = new Dictionary<string, string>();
        foreach (var pair in form.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = pair.IndexOf('=', StringComparison.Ordinal);
            fields[WebUtility.UrlDecode(mark < 0 ? pair : pair[..mark])] = mark < 0 ? "" : WebUtility.UrlDecode(pair[(mark + 1)..]);
        }
        return fields;
    }
}
