using System.Text;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Http;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>
/// Twilio's REST interface for the handful of calls we make. The one rule that shapes it: the interface has no idempotency key,
/// so a request is written at most once, and every answer is sorted by whether the text may have been taken.
/// </summary>
public sealed partial class TwilioCarrier(
    HttpClient client, IOptions<TwilioOptions> options, ListenAddress ownAddress, TimeProvider time) : ICarrier
{
    private readonly TwilioOptions _settings = options.Value;
    private readonly string _authorization = Credentials(options.Value);
    private readonly string _accountPath = $"/2010-04-01/Accounts/{Uri.EscapeDataString(options.Value.AccountSid ?? "")}";
    private string? _apiBase;
    private Uri? _messages;
    private string? _callback;

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(SendRequest request, CancellationToken cancel)
    {
        if ((_messages ??= Messages()) is not { } address)
            return new SendResult.NotSent("our own address is not known before the server listens");

        using var content = new WriteOnceContent(Form(request), request.LastMoment);
        using var message = Request(HttpMethod.Post, address);
        message.Content = content;
        using var limit = Limit(cancel);
        try
        {
            using var response = await client.SendAsync(message, limit.Token);
            var body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            return TwilioAnswers.OfSend(response, body, IsOwnSender(request), time.GetUtcNow());
        }
        catch (Exception fault) when (content.IsTooLate && !content.Started && fault is HttpRequestException or IOException)
        {
            return new SendResult.TooLate();
        }
        // The headers go out together with the body: a body that was never asked for means that nothing was written.
        catch (HttpRequestException fault) when (!content.Started)
        {
            return new SendResult.NotSent(Describe(fault));
        }
        catch (OperationCanceledException) when (!content.Started)
        {
            return new SendResult.NotSent(cancel.IsCancellationRequested ? "cancelled" : "no connection in time");
        }
        // A connection that is cut when the time is over breaks in many ways.
        catch (Exception fault) when (fault is OperationCanceledException || (limit.IsCancellationRequested && fault is HttpRequestException or IOException))
        {
            return new SendResult.Uncertain(cancel.IsCancellationRequested ? "cancelled" : "no answer in time");
        }
        catch (HttpRequestException fault)
        {
            return new SendResult.Uncertain(Describe(fault));
        }
        catch (IOException)
        {
            return new SendResult.Uncertain("connection lost");
        }
    }

    private bool IsOwnSender(SendRequest request) =>
        _settings.MessagingServiceSid is { Length: > 0 } || request.From is null || request.From == _settings.FromNumber;

    private byte[] Form(SendRequest request)
    {
        var form = new FormBytes(request.Body);
        form.Add("To", request.To);
        // A Messaging Service picks the sender itself; naming both would overrule its rules.
        if (_settings.MessagingServiceSid is { Length: > 0 } service)
            form.Add("MessagingServiceSid", service);
        else
            form.Add("From", request.From ?? _settings.FromNumber);
        form.Add("Body", request.Body);
        if ((_callback ??= Callback()) is { } callback)
            form.Add("StatusCallback", callback, request.MessageId);
        if (request.ValidFor is { } validFor)
            form.Add("ValidityPeriod", "", Math.Clamp((int)validFor.TotalSeconds, 6, 36_000));
        return form.ToArray();
    }

    private HttpRequestMessage Request(HttpMethod method, Uri address)
    {
        var message = new HttpRequestMessage(method, address);
        message.Headers.TryAddWithoutValidation("Authorization", _authorization);
        return message;
    }

    private CancellationTokenSource Limit(CancellationToken cancel)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(_settings.TimeoutSeconds));
        return limit;
    }

    private string? ApiBase() => _apiBase ??= Trimmed(ownAddress.Resolve(_settings.ApiBaseUrl));

    private Uri? Messages() => ApiBase() is { } api ? new Uri($"{api}{_accountPath}/Messages.json") : null;

    // Without the message's id, which is its end.
    private string? Callback() =>
        (_settings.PublicBaseUrl is { Length: > 0 } configured ? configured.TrimEnd('/') : Trimmed(ownAddress.Current)) is { } address
            ? $"{address}/sms/status?m="
            : null;

    private static string? Trimmed(Uri? address) => address?.AbsoluteUri.TrimEnd('/');

    private static string Credentials(TwilioOptions options)
    {
        var (user, secret) = options.UsesApiKey
            ? (options.ApiKeySid, options.ApiKeySecret)
            : (options.AccountSid, options.AuthToken);
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret}"));
    }

    // The exception's own message names the address, and with it the recipient.
    private static string Describe(HttpRequestException fault) => fault.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "the carrier's name can't be resolved",
        HttpRequestError.ConnectionError => "connection refused",
        HttpRequestError.SecureConnectionError => "TLS failed",
        HttpRequestError.ProxyTunnelError => "the proxy refused",
        HttpRequestError.ResponseEnded => "the connection ended before the answer",
        HttpRequestError.ConfigurationLimitExceeded => "the answer is too long",
        _ => "connection lost",
    };
}
