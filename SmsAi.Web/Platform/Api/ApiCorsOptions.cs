namespace SmsAi.Web.Platform.Api;

/// <summary>Which other sites' pages may call the API from a browser.</summary>
public sealed class ApiCorsOptions
{
    public const string Section = "Api";

    /// <summary>Their origins; empty: none.</summary>
    public IList<string> CorsOrigins { get; init; } = [];

    /// <summary>All that is wrong at once, each sentence beginning with its key.</summary>
    public IEnumerable<string> Faults() => CorsOrigins.Index().Where(origin => !IsOrigin(origin.Item)).Select(origin =>
        $"{Section}:CorsOrigins:{origin.Index} is no origin. Write scheme, host and port alone, such as https://desk.example.org.");

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.GetLeftPart(UriPartial.Authority) == text;
}
