namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>What a browser says of where a request was begun (the Fetch Metadata header <c>Sec-Fetch-Site</c>).</summary>
internal static class FetchSite
{
    /// <summary>Begun by another site's page, such as by a link there; the cookies come along all the same.</summary>
    internal static bool IsElsewhere(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
}
