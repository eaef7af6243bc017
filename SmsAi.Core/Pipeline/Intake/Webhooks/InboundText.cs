using System.Globalization;

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>A picture or other file sent along with a text; its URL needs our credentials.</summary>
public sealed record InboundMedia(string Url, string? ContentType);

/// <summary>Where Twilio believes a number is at home; often empty.</summary>
public sealed record GeoPlace(string? City, string? State, string? Zip, string? Country);

/// <summary>A text that someone sent us, as Twilio's webhook tells it; parsed once here and trusted afterwards.</summary>
public sealed record InboundText
{
    public const string Sms = "sms";
    public const string WhatsApp = "whatsapp";

    private const int MaxMedia = 10;

    public required string MessageSid { get; init; }
    public required string AccountSid { get; init; }
    public string? MessagingServiceSid { get; init; }
    public required PhoneNumber From { get; init; }
    public required PhoneNumber To { get; init; }

    /// <summary>What was written, without NUL and with replacement characters for broken UTF-8; empty when only media came.</summary>
    public required string Body { get; init; }

    /// <summary>"sms" (also with media) or "whatsapp": conversations are kept apart by it.</summary>
    public required string Channel { get; init; }

    /// <summary>STOP, START or HELP in capitals when Twilio recognised a keyword and has already replied; else null.</summary>
    public string? OptOutType { get; init; }

    /// <summary>The parts it came in, as Twilio counts; 0 when not said.</summary>
    public int NumSegments { get; init; }

    public IReadOnlyList<InboundMedia> Media { get; init; } = [];

    /// <summary>Everything else: place, media, WhatsApp, and fields nobody knows yet.</summary>
    public WebhookFields Fields { get; init; } = WebhookFields.None;

    /// <summary>The body came as base64, a quirk of long texts; the original is kept as the field Body:base64.</summary>
    public bool BodyWasBase64 { get; init; }

    /// <summary>Some bytes were not UTF-8 or NUL and could not be kept.</summary>
    public bool WasRepaired { get; init; }

    /// <summary>Not empty: the webhook can't be taken in; answer the first fault's status.</summary>
    public IReadOnlyList<FieldFault> Faults { get; init; } = [];

    public GeoPlace FromPlace => new(Fields["FromCity"], Fields["FromState"], Fields["FromZip"], Fields["FromCountry"]);

    public GeoPlace ToPlace => new(Fields["ToCity"], Fields["ToState"], Fields["ToZip"], Fields["ToCountry"]);

    /// <summary>The name a WhatsApp user gave herself.</summary>
    public string? ProfileName => Fields["ProfileName"];

    /// <summary>The WhatsApp button that was pressed: what it means, or else what it says.</summary>
    public string? Button => Fields["ButtonPayload"] ?? Fields["ButtonText"];

    /// <summary>The position someone shared on WhatsApp.</summary>
    public (double Latitude, double Longitude)? Location =>
        double.TryParse(Fields["Latitude"], NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
        && double.TryParse(Fields["Longitude"], NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude)
            ? (latitude, longitude) : null;

    public static InboundText Parse(RawForm form)
    {
        var reader = new FormReader(form);
        var sid = reader.Sid("MessageSid", "MessageSid"u8);
        var account = reader.Required("AccountSid", "AccountSid"u8);
        var service = reader.NotEmpty("MessagingServiceSid", "MessagingServiceSid"u8);
        var from = PhoneNumber.Parse(reader.Required("From", "From"u8));
        var to = PhoneNumber.Parse(reader.Required("To", "To"u8));
        var written = reader.Single("Body", "Body"u8) ?? "";
        var optOut = reader.NotEmpty("OptOutType", "OptOutType"u8)?.Trim().ToUpperInvariant();
        var segments = Number(reader.NotEmpty("NumSegments", "NumSegments"u8));
        var mediaCount = Number(reader.NotEmpty("NumMedia", "NumMedia"u8));
        reader.Drop("SmsSid"u8, sid);
        reader.Drop("SmsMessageSid"u8, sid);
        reader.Drop("SmsStatus"u8, "received");
        reader.Drop("ApiVersion"u8, "2010-04-01");

        var fields = reader.Rest();
        var decoded = Base64Body.Decode(written);
        if (decoded is not null) fields = new WebhookFields([.. fields.All, KeyValuePair.Create("Body:base64", written)]);
        return new InboundText
        {
            MessageSid = sid,
            AccountSid = account,
            MessagingServiceSid = service,
            From = from,
            To = to,
            Body = decoded ?? written,
            Channel = from.IsWhatsApp || to.IsWhatsApp ? WhatsApp : Sms,
            OptOutType = optOut,
            NumSegments = segments,
            Media = MediaOf(fields, mediaCount),
            Fields = fields,
            BodyWasBase64 = decoded is not null,
            WasRepaired = form.HasBadUtf8 || form.HasNul,
            Faults = reader.Faults,
        };
    }

    private static int Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static InboundMedia[] MediaOf(WebhookFields fields, int count)
    {
        if (count == 0) return [];
        var media = new List<InboundMedia>();
        for (var index = 0; index < Math.Min(count, MaxMedia); index++)
            if (fields[$"MediaUrl{index}"] is { } url) media.Add(new InboundMedia(url, fields[$"MediaContentType{index}"]));
        return [.. media];
    }
}
