namespace SmsAi.Core.Features.Auditing;

/// <summary>Where the audit trail is copied to, outside of the database (section <c>AuditCopy</c>). Nothing set: nowhere.</summary>
public sealed class AuditCopyOptions
{
    public const string Section = "AuditCopy";

    private const int LeastSecretBytes = 24;

    /// <summary>A file that each row is appended to as a line of JSON. With replicas on several machines each keeps a whole one, unless it is one they share.</summary>
    public string? File { get; set; }

    /// <summary>Each batch of rows is posted there as JSON, signed by the Standard Webhooks' headers.</summary>
    public string? Url { get; set; }

    /// <summary>"whsec_" and at least 24 random bytes in base64; signs what is posted.</summary>
    public string? Secret { get; set; }

    /// <summary>Rows in one post or one write.</summary>
    public int RowsAtOnce { get; set; } = 100;

    /// <summary>All that is wrong at once, each sentence beginning with its key.</summary>
    public IEnumerable<string> Faults()
    {
        if (RowsAtOnce is < 1 or > 1_000)
            yield return $"{Section}:RowsAtOnce must be between 1 and 1000.";
        if (File is { Length: > 0 } file && Directory.Exists(file))
            yield return $"{Section}:File is a folder. Name a file in it.";
        if (string.IsNullOrEmpty(Url))
            yield break;
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            yield return $"{Section}:Url must be an https address.";
        if (Key is null)
            yield return $"{Section}:Secret is missing or too short. It is whsec_ and 24 random bytes or more in base64: openssl rand -base64 32.";
    }

    internal byte[]? Key
    {
        get
        {
            var text = Secret?.StartsWith("whsec_", StringComparison.Ordinal) == true ? Secret["whsec_".Length..] : Secret ?? "";
            var key = new byte[text.Length];
            return Convert.TryFromBase64String(text, key, out var length) && length >= LeastSecretBytes ? key[..length] : null;
        }
    }
}
