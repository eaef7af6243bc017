using System.Globalization;

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>What Twilio reports about a text we sent. Reports come late, twice or in any order, even before the answer to our send.</summary>
public sealed record StatusCallback
{
    public required string MessageSid { get; init; }
    public required string AccountSid { get; init; }
    public string? MessagingServiceSid { get; init; }
    public PhoneNumber From { get; init; }
    public PhoneNumber To { get; init; }

    /// <summary>Our own message's id from the callback URL (?m=), null when it isn't there or no number.</summary>
    public long? OutboundId { get; init; }

    /// <summary>The carrier's word in lower case. WhatsApp's reading note counts as "read".</summary>
    public required string Status { get; init; }

    /// <summary>Why it failed, as the carrier's number; null when it didn't.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>When the phone's network settled it, to the minute; the network's clock, taken as UTC.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    public WebhookFields Fields { get; init; } = WebhookFields.None;

    /// <summary>Not empty: the report can't be used; answer the first fault's status.</summary>
    public IReadOnlyList<FieldFault> Faults { get; init; } = [];

    /// <summary>Reads a report from its form and the raw query of the URL it came to.</summary>
    public static StatusCallback Parse(RawForm form, ReadOnlySpan<char> rawQuery)
    {
        var reader = new FormReader(form);
        var sid = reader.Sid("MessageSid", "MessageSid"u8);
        var account = reader.Required("AccountSid", "AccountSid"u8);
        var service = reader.NotEmpty("MessagingServiceSid", "MessagingServiceSid"u8);
        var from = PhoneNumber.Parse(reader.Single("From", "From"u8));
        var to = PhoneNumber.Parse(reader.Single("To", "To"u8));
        var status = reader.Required("MessageStatus", "MessageStatus"u8).Trim().ToLowerInvariant();
        if (status.Length > 40) reader.Add("MessageStatus", FieldFaultKind.Malformed, "A status is one word.");
        var error = reader.NotEmpty("ErrorCode", "ErrorCode"u8);
        var done = reader.NotEmpty("RawDlrDoneDate", "RawDlrDoneDate"u8);
        var isRead = "READ".Equals(reader.NotEmpty("EventType", "EventType"u8), StringComparison.OrdinalIgnoreCase);
        reader.Drop("SmsSid"u8, sid);
        reader.Drop("SmsStatus"u8, status);
        reader.Drop("ApiVersion"u8, "2010-04-01");
        return new StatusCallback
        {
            MessageSid = sid,
            AccountSid = account,
            MessagingServiceSid = service,
            From = from,
            To = to,
            OutboundId = OutboundIdIn(rawQuery),
            Status = isRead ? "read" : status,
            ErrorCode = int.TryParse(error, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code > 0 ? code : null,
            DoneAt = DateTimeOffset.TryParseExact(done, "yyMMddHHmm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? at : null,
            Fields = reader.Rest(),
            Faults = reader.Faults,
        };
    }

    private static long? OutboundIdIn(ReadOnlySpan<char> rawQuery)
    {
        var query = rawQuery.TrimStart('?');
        foreach (var range in query.Split('&'))
        {
            var part = query[range];
            if (part.StartsWith("m=") && long.TryParse(part[2..], NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return id;
        }

        return null;
    }
}
