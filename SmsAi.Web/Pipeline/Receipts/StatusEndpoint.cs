using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Pipeline.Receipts;
using SmsAi.Web.Pipeline.Intake;

namespace SmsAi.Web.Pipeline.Receipts;

/// <summary>Where Twilio reports what became of a text: 200 when it is written, known, or none of ours; 503 when it can't be written now.</summary>
public static class StatusEndpoint
{
    public const string Path = "/sms/status";

    public static IEndpointRouteBuilder MapReceipts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, ReceiveAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        return routes;
    }

    private static async Task ReceiveAsync(HttpContext context, WebhookDoor door, ReceiptWriter receipts)
    {
        if (await door.AdmitAsync(context, Path) is not { } webhook)
            return;
        var report = StatusCallback.Parse(webhook.Form, webhook.RawQuery);
        if (report.Faults is [var fault, ..])
        {
            door.Refuse(context, Path, fault);
            return;
        }

        var receipt = new Receipt(report.MessageSid, report.OutboundId, report.Status, report.ErrorCode);
        if (await receipts.AddAsync(receipt, context.RequestAborted) == ReceiptResult.Unavailable)
            Later.Answer(context);
        else
            context.Response.ContentLength = 0;
    }
}
