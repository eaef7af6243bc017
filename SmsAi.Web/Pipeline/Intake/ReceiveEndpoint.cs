using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake;
using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Web.Pipeline.Intake;

/// <summary>Where Twilio posts each text: it is answered when the text is stored, never before, and with an empty reply, since answers go out by REST.</summary>
public static class ReceiveEndpoint
{
    public const string Path = "/sms/receive";

    private static readonly byte[] EmptyReply = """<?xml version="1.0" encoding="UTF-8"?><Response/>"""u8.ToArray();

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, ReceiveAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    private static async Task ReceiveAsync(HttpContext context, WebhookDoor door, OurNumbers ours, IntakeQueue intake)
    {
        if (await door.AdmitAsync(context, Path) is not { } webhook)
            return;
        var text = InboundText.Parse(webhook.Form);
        if (text.Faults is [var fault, ..])
        {
            door.Refuse(context, Path, fault);
            return;
        }

        if (!ours.IsOurs(text.To, text.MessagingServiceSid))
        {
            door.Refuse(context, Path, StatusCodes.Status403Forbidden, "other_number");
            return;
        }

        var arrival = new InboundArrival(text, Via: "webhook", Words.Of(webhook.Verdict.Token), Words.Of(webhook.Verdict.Variant));
        if (await intake.AddAsync(arrival, context.RequestAborted) == IntakeResult.Unavailable)
            Later.Answer(context);
        else
            await AnswerAsync(context);
    }

    /// <summary>The text is stored.</summary>
    internal static async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "text/xml";
        context.Response.ContentLength = EmptyReply.Length;
        await context.Response.BodyWriter.WriteAsync(EmptyReply, context.RequestAborted);
    }
}
