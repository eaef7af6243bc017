using SmsAi.Core.Pipeline.Intake.Webhooks;

namespace SmsAi.Web.Pipeline.Intake;

/// <summary>Where the system check posts a signed webhook to itself, the long way round through the public URL: it says how the signature fitted.</summary>
public static class SelfTestEndpoint
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost(SelfTest.Path, AnswerAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    private static async Task AnswerAsync(HttpContext context, WebhookDoor door)
    {
        if (await door.AdmitAsync(context, SelfTest.Path) is not { } webhook)
            return;
        var answer = new SelfTestAnswer(webhook.Form.Text("Nonce"u8) ?? "", Words.Of(webhook.Verdict.Token), Words.Of(webhook.Verdict.Variant), webhook.Verdict.Url ?? "");
        await context.Response.WriteAsJsonAsync(answer, SelfTestJson.Default.SelfTestAnswer, cancellationToken: context.RequestAborted);
    }
}
