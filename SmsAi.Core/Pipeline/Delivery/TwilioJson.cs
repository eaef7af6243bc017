using System.Text.Json.Serialization;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>Shapes of Twilio's answers: only the fields we read. Counts and prices are strings there.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(TwilioMessageJson))]
[JsonSerializable(typeof(TwilioPageJson))]
[JsonSerializable(typeof(TwilioErrorJson))]
[JsonSerializable(typeof(TwilioNumbersJson))]
internal sealed partial class TwilioJson : JsonSerializerContext;

/// <summary>A message resource.</summary>
internal sealed record TwilioMessageJson(
    string? Sid, string? From, string? To, string? Body, string? Direction, string? Status, int? ErrorCode,
    int? NumSegments, int? NumMedia, string? Price, string? PriceUnit, string? MessagingServiceSid,
    string? DateCreated, string? DateSent);

/// <summary>A page of message resources.</summary>
internal sealed record TwilioPageJson(TwilioMessageJson[]? Messages, string? NextPageUri);

/// <summary>Both shapes of an error: the old one (code, message) and problem details (title, detail).</summary>
internal sealed record TwilioErrorJson(int? Code, string? Message, string? Title, string? Detail);

/// <summary>A page of a Messaging Service's numbers.</summary>
internal sealed record TwilioNumbersJson(TwilioNumbersJson.Number[]? PhoneNumbers, TwilioNumbersJson.Paging? Meta)
{
    internal sealed record Number(string? PhoneNumber);

    internal sealed record Paging(string? NextPageUrl);
}
