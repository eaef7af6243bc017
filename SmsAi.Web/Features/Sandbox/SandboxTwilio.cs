using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Pipeline.Sending;

namespace SmsAi.Web.Features.Sandbox;

/// <summary>The carrier's REST interface over the sandbox's carrier.</summary>
internal static class SandboxTwilio
{
    private const int LargestPage = 1000;

    /// <summary>Longer than any patience of ours.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    public static async Task<IResult> SendAsync(HttpContext context, SandboxCarrier carrier, IOptions<TwilioOptions> options, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancel);
        var form = RawForm.Parse(body.GetBuffer().AsSpan(0, (int)body.Length));
        var answer = await carrier.TakeAsync(
            new SandboxSend(form.Text("To"u8) ?? "", form.Text("From"u8), form.Text("Body"u8) ?? "", form.Text("StatusCallback"u8)), cancel);
        switch (answer)
        {
            case SandboxAnswer.Taken taken:
                return Json(201, Resource(taken.Message, options.Value.AccountSid!), SandboxTwilioJson.Default.MessageJson);
            case SandboxAnswer.Refused refused:
                if (refused.Status == 429)
                    context.Response.Headers.RetryAfter = "2";
                return Error(refused.Status, refused.Code, refused.Message);
            default:
                await Task.Delay(Silence, cancel);
                context.Abort();
                return TypedResults.Empty;
        }
    }

    public static async Task<IResult> ListAsync(HttpRequest request, SandboxCarrier carrier, IOptions<TwilioOptions> options, CancellationToken cancel)
    {
        var query = request.Query;
        var size = int.TryParse(query["PageSize"], CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, LargestPage) : 50;
        var since = DateTimeOffset.TryParse(
            query["DateSent>"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : (DateTimeOffset?)null;
        var (to, from, after) = (Given(query["To"]), Given(query["From"]), Given(query["PageToken"]));
        // One more than asked for tells whether there is a next page.
        if (await carrier.ListAsync(to, from, since, after, size + 1, cancel) is not { } found)
            return Error(503, 20503, "Service unavailable");

        var account = options.Value.AccountSid!;
        var page = found.Take(size).Select(message => Resource(message, account)).ToArray();
        var next = found.Count <= size ? null : string.Create(CultureInfo.InvariantCulture,
            $"/2010-04-01/Accounts/{account}/Messages.json?To={Escape(to)}&From={Escape(from)}&DateSent%3E={Escape(query["DateSent>"])}&PageSize={size}&PageToken={found[size - 1].Sid}");
        return Json(200, new PageJson(page, next, size), SandboxTwilioJson.Default.PageJson);
    }

    public static async Task<IResult> FetchAsync(string sid, SandboxCarrier carrier, IOptions<TwilioOptions> options, CancellationToken cancel) =>
        await carrier.FindAsync(sid, cancel) is { } message
            ? Json(200, Resource(message, options.Value.AccountSid!), SandboxTwilioJson.Default.MessageJson)
            : Error(404, 20404, "The requested resource was not found");

    public static IResult Error(int status, int code, string message) => Json(
        status, new ErrorJson(code, message, $"https://www.twilio.com/docs/errors/{code}", status), SandboxTwilioJson.Default.ErrorJson);

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static string Escape(string? value) => Uri.EscapeDataString(value ?? "");

    private static JsonHttpResult<T> Json<T>(int status, T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        TypedResults.Json(value, type, statusCode: status);

    private static MessageJson Resource(SandboxMessage message, string account)
    {
        var created = message.CreatedAt.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
        return new MessageJson(
            message.Sid, account, null, message.From, message.To, message.Body, message.IsInbound ? "inbound" : "outbound-api",
            message.Status, Segments.Count(message.Body).Segments.ToString(CultureInfo.InvariantCulture), "0", null, "USD", message.ErrorCode, null,
            created, message.Status == "queued" ? null : created, created, "2010-04-01",
            $"/2010-04-01/Accounts/{account}/Messages/{message.Sid}.json");
    }

    internal sealed record MessageJson(
        string Sid, string AccountSid, string? MessagingServiceSid, string From, string To, string Body, string Direction,
        string Status, string NumSegments, string NumMedia, string? Price, string PriceUnit, int? ErrorCode, string? ErrorMessage,
        string DateCreated, string? DateSent, string DateUpdated, string ApiVersion, string Uri);

    internal sealed record PageJson(MessageJson[] Messages, string? NextPageUri, int PageSize);

    internal sealed record ErrorJson(int Code, string Message, string MoreInfo, int Status);
}

/// <summary>How the carrier's answers are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(SandboxTwilio.MessageJson))]
[JsonSerializable(typeof(SandboxTwilio.PageJson))]
[JsonSerializable(typeof(SandboxTwilio.ErrorJson))]
internal sealed partial class SandboxTwilioJson : JsonSerializerContext;
