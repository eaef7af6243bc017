using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SmsAi.Bench.Loopback;

// The carrier's record, as it answers for it.
public sealed partial class LoopbackCarrier
{
    private string MessagesPath => $"/2010-04-01/Accounts/{AccountSid}/Messages";

    private async Task LookUpAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (path == MessagesPath + ".json")
            await ListAsync(context);
        else if (path.StartsWith(MessagesPath + "/", StringComparison.Ordinal)
            && Ledger.Find(Path.GetFileNameWithoutExtension(path)) is { } text)
            await AnswerAsync(context, 200, Resource(text));
        else
            await ErrorAsync(context, 404, 20404, "The requested resource was not found");
    }

    private async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var size = int.TryParse(query["PageSize"], CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, 1000) : 50;
        var below = long.TryParse(query["PageToken"], CultureInfo.InvariantCulture, out var token) ? token : long.MaxValue;
        string? to = query["To"], from = query["From"];
        var since = DateTimeOffset.TryParse(
            query["DateSent>"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day) ? day : DateTimeOffset.MinValue;
        var found = (to is { Length: > 0 } ? Ledger.To(to, below) : Ledger.All(below))
            .Where(text => (from is not { Length: > 0 } || text.From == from) && text.At >= since)
            .Take(size + 1)
            .ToList();
        var next = found.Count <= size ? null : string.Create(CultureInfo.InvariantCulture,
            $"{MessagesPath}.json?To={Escape(to)}&From={Escape(from)}&DateSent%3E={Escape(query["DateSent>"])}&PageSize={size}&PageToken={found[size - 1].Number}");
        await AnswerAsync(context, 200, new { messages = found.Take(size).Select(Resource), next_page_uri = next, page_size = size });
    }

    private object Resource(LoopbackText text) => new
    {
        sid = text.Sid,
        account_sid = AccountSid,
        messaging_service_sid = (string?)null,
        from = text.From,
        to = text.To,
        body = text.Body,
        direction = text.IsInbound ? "inbound" : "outbound-api",
        status = text.Status,
        num_segments = "1",
        num_media = "0",
        price = text.Status is "delivered" or "sent" ? "-0.00790" : null,
        price_unit = "USD",
        error_code = text.ErrorCode,
        error_message = (string?)null,
        date_created = MailDate(text.At),
        date_sent = text.Status == "queued" ? null : MailDate(text.At),
        date_updated = MailDate(text.At),
        api_version = "2010-04-01",
        uri = $"{MessagesPath}/{text.Sid}.json",
    };

    private static string MailDate(DateTimeOffset at) => at.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);

    private static string Escape(string? value) => Uri.EscapeDataString(value ?? "");

    private static Task ErrorAsync(HttpContext context, int status, int code, string message) => AnswerAsync(
        context, status, new { code, message, more_info = $"https://www.twilio.com/docs/errors/{code}", status });

    private static Task AnswerAsync(HttpContext context, int status, object body)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json).AsTask();
    }
}
