using System.Globalization;

namespace SmsAi.Web.Features.Access;

/// <summary>Says to programs what the page says in words: come again later.</summary>
internal static class WaitAnswer
{
    internal static void SayToWait(this HttpResponse response, TimeSpan wait)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }
}
