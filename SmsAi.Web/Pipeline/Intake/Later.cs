namespace SmsAi.Web.Pipeline.Intake;

/// <summary>The answer to a webhook that can't be stored now: Twilio may come again, and what it gives up on is fetched later.</summary>
public static class Later
{
    public static void Answer(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "5";
        context.Response.ContentLength = 0;
    }
}
