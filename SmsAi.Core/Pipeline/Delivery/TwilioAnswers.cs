using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>The answer table: what each of Twilio's answers means for the text that was handed over.</summary>
internal static partial class TwilioAnswers
{
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private const int QueueFull = 21611;
    private const int FirstOfMessages = 21000;

    // RFC 2822, where the day's name may be missing.
    private static readonly string[] MailDates = ["ddd, d MMM yyyy HH:mm:ss zzz", "d MMM yyyy HH:mm:ss zzz"];

    public static SendResult OfSend(HttpResponseMessage response, ReadOnlySpan<byte> body, bool isOwnSender, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        if (status is >= 200 and < 300)
            return Message(Read(body, TwilioJson.Default.TwilioMessageJson)) is { } taken
                ? new SendResult.Accepted(taken.Sid, taken.Status, taken.Segments, taken.PriceMicros)
                : new SendResult.Uncertain($"answered {status} without a message");
        // A proxy's time-out (408) and every 5xx may come after the text was taken.
        if (status is >= 500 or 408)
            return new SendResult.Uncertain($"the carrier answered {status}");

        var error = Read(body, TwilioJson.Default.TwilioErrorJson);
        var code = error?.Code ?? 0;
        var message = Redact(error?.Message ?? error?.Detail ?? error?.Title ?? $"the carrier answered {status}");
        if (status == 429)
            return new SendResult.Throttled(RetryAfter(response, now), code == 0 ? 20429 : code);

        return CarrierErrors.ForAnswer(status, error?.Code)?.Action switch
        {
            // The sender's queue is full: busy rather than unwilling.
            _ when code == QueueFull => new SendResult.Throttled(RetryAfter(response, now), code),
            CarrierAction.Retry => new SendResult.Throttled(RetryAfter(response, now), code),
            // A number for a message's own trouble is never the account's, whatever the status: it would hold all for one.
            CarrierAction.Config when code < FirstOfMessages || CarrierErrors.Find(code).Action == CarrierAction.Config =>
                new SendResult.ConfigurationFault(code == 0 ? status : code, message),
            // The sender may not send. If it is the one from the settings, every text would fail like this one.
            CarrierAction.SenderPause when isOwnSender => new SendResult.ConfigurationFault(code, message),
            // A redirect: the address is wrong.
            null => new SendResult.ConfigurationFault(status, message),
            _ => new SendResult.Refused(code == 0 ? status : code, message),
        };
    }

    public static CarrierMessage? Message(TwilioMessageJson? body) => body is { Sid: { Length: > 0 } } message ? Convert(message) : null;

    public static (List<CarrierMessage> Messages, string? Next)? Page(TwilioPageJson? body) =>
        body is { Messages: { } messages } page
            ? ([.. messages.Select(Convert)], page.NextPageUri is { Length: > 0 } next ? next : null)
            : null;

    private static T? Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return body.IsEmpty ? null : JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static CarrierMessage Convert(TwilioMessageJson message) => new(
        message.Sid ?? "", message.From ?? "", message.To ?? "", message.Body ?? "", message.Direction ?? "", message.Status ?? "",
        message.ErrorCode, message.NumSegments ?? 0, message.NumMedia ?? 0, Micros(message.Price, message.PriceUnit),
        message.MessagingServiceSid, Date(message.DateCreated) ?? default, Date(message.DateSent));

    // Prices come negative, as something taken from the balance, and in the account's currency.
    private static long? Micros(string? price, string? unit) =>
        unit is null or "USD" && decimal.TryParse(price, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount)
            ? (long)decimal.Round(Math.Abs(amount) * 1_000_000m)
            : null;

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParseExact(text, MailDates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : null;

    private static TimeSpan RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - now,
            _ => UsualPause,
        };
        return asked <= TimeSpan.Zero ? UsualPause : asked > LongestPause ? LongestPause : asked;
    }

    // Twilio repeats the recipient's number in its texts, and these go to logs and event rows.
    private static string Redact(string message)
    {
        var hidden = Number.Replace(message, "…");
        return hidden.Length > 300 ? hidden[..300] : hidden;
    }

    [GeneratedRegex(@"\+?\d[\d\-\.\(\) ]{4,}\d", RegexOptions.NonBacktracking)]
    private static partial Regex Number { get; }
}
