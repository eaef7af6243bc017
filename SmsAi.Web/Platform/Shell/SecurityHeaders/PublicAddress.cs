namespace SmsAi.Web.Platform.Shell.SecurityHeaders;

/// <summary>The address browsers reach the service under, from <c>Twilio:PublicBaseUrl</c>; without one, what the request says.</summary>
public sealed class PublicAddress
{
    public const string Key = "Twilio:PublicBaseUrl";

    public Uri? Url { get; set; }

    /// <summary>Decides HSTS, Secure and the __Host- prefix: over plain http they would lock everyone out.</summary>
    public bool IsHttps => Url?.Scheme == Uri.UriSchemeHttps;

    public bool IsSameOrigin(Uri other) =>
        Url is not null && Uri.Compare(Url, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
