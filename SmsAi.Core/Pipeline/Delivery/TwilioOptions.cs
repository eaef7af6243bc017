using System.Text.RegularExpressions;

namespace SmsAi.Core.Pipeline.Delivery;

/// <summary>The Twilio account, its tokens and numbers, and where both sides reach each other.</summary>
public sealed partial class TwilioOptions
{
    public const string Section = "Twilio";

    private bool _isSandbox;

    /// <summary>AC and 32 letters and digits. Webhooks naming another account are refused.</summary>
    public string? AccountSid { get; set; }

    /// <summary>Signs webhooks, and calls the API when no API key is set.</summary>
    public string? AuthToken { get; set; }

    /// <summary>A second token that webhooks may be signed with while the first is being changed; empty otherwise.</summary>
    public string? SecondaryAuthToken { get; set; }

    /// <summary>SK and 32 letters and digits, with <see cref="ApiKeySecret"/>: calls the API instead of the account's token.</summary>
    public string? ApiKeySid { get; set; }

    public string? ApiKeySecret { get; set; }

    /// <summary>The number answers come from, unless a Messaging Service picks it.</summary>
    public string? FromNumber { get; set; }

    /// <summary>MG and 32 letters and digits: let this Messaging Service pick the sender.</summary>
    public string? MessagingServiceSid { get; set; }

    /// <summary>All numbers people may text, when there are more than <see cref="FromNumber"/>.</summary>
    public IList<string> Numbers { get; init; } = [];

    public string ApiBaseUrl { get; set; } = "https://api.twilio.com";

    /// <summary>The URL Twilio reaches this service by, without path query; what webhooks are signed over.</summary>
    public string? PublicBaseUrl { get; set; }

    /// <summary>Sends a second to one sender; 0 sends as fast as the carrier takes it.</summary>
    public double MessagesPerSecond { get; set; }

    /// <summary>How long one call may take. Later the text counts as uncertain, and the carrier's list is asked.</summary>
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>No credentials at all: the sandbox carrier plays Twilio.</summary>
    public bool IsSandbox => _isSandbox || !IsSet(AccountSid) && !IsSet(AuthToken) && !IsSet(SecondaryAuthToken)
        && !IsSet(ApiKeySid) && !IsSet(ApiKeySecret);

    /// <summary>The API is called with the key instead of the account's token.</summary>
    public bool UsesApiKey => IsSet(ApiKeySid) && IsSet(ApiKeySecret);

    /// <summary>Every number of ours that is configured, each once.</summary>
    public IEnumerable<string> OwnNumbers =>
        Numbers.Prepend(FromNumber ?? "").Where(IsSet).Select(number => number.Trim()).Distinct(StringComparer.Ordinal);

    /// <summary>Takes the account the sandbox made for itself; its carrier answers below a path of our own address.</summary>
    public void UseSandbox(string accountSid, string authToken, string fromNumber, string apiPath)
    {
        _isSandbox = true;
        (AccountSid, AuthToken, ApiBaseUrl) = (accountSid, authToken, apiPath);
        if (!IsSet(FromNumber)) FromNumber = fromNumber;
    }

    /// <summary>All that is wrong at once, each sentence beginning with its key. No value is repeated: it may be a secret.</summary>
    public IEnumerable<string> Faults() => IsSandbox ? AddressFaults() : CredentialFaults().Concat(SenderFaults()).Concat(AddressFaults());

    private IEnumerable<string> CredentialFaults()
    {
        if (!IsSet(AccountSid))
            yield return "Twilio:AccountSid is missing. Other Twilio credentials are set; set it too, or none for the sandbox.";
        else if (!AccountShape().IsMatch(AccountSid!))
            yield return "Twilio:AccountSid is not AC followed by 32 letters and digits.";
        if (!IsSet(AuthToken))
            yield return "Twilio:AuthToken is missing. Webhooks are signed with it, also when an API key is used.";
        else if (AuthToken != AuthToken!.Trim())
            yield return "Twilio:AuthToken begins or ends with a space.";
        if (IsSet(SecondaryAuthToken) && SecondaryAuthToken != SecondaryAuthToken!.Trim())
            yield return "Twilio:SecondaryAuthToken begins or ends with a space.";
        if (IsSet(ApiKeySid) && !IsSet(ApiKeySecret))
            yield return "Twilio:ApiKeySecret is missing; Twilio:ApiKeySid needs it.";
        if (!IsSet(ApiKeySid) && IsSet(ApiKeySecret))
            yield return "Twilio:ApiKeySid is missing; Twilio:ApiKeySecret needs it.";
        if (IsSet(ApiKeySid) && !KeyShape().IsMatch(ApiKeySid!))
            yield return "Twilio:ApiKeySid is not SK followed by 32 letters and digits.";
    }

    private IEnumerable<string> SenderFaults()
    {
        if (!IsSet(FromNumber) && !IsSet(MessagingServiceSid))
            yield return "Twilio:FromNumber is missing. Set it, or Twilio:MessagingServiceSid.";
        if (IsSet(MessagingServiceSid) && !ServiceShape().IsMatch(MessagingServiceSid!))
            yield return "Twilio:MessagingServiceSid is not MG followed by 32 letters and digits.";
        if (!IsSet(PublicBaseUrl))
            yield return "Twilio:PublicBaseUrl is missing. Set the URL Twilio reaches this service by: webhooks are signed over it.";
    }

    private IEnumerable<string> AddressFaults()
    {
        if (IsSet(FromNumber) && !CanSend(FromNumber!))
            yield return "Twilio:FromNumber is no number. Write it as + and 7 to 15 digits with the country's code, or as a short code.";
        for (var index = 0; index < Numbers.Count; index++)
            if (!CanSend(Numbers[index]))
                yield return $"Twilio:Numbers:{index} is no number. Write it as + and 7 to 15 digits with the country's code, or as a short code.";
        if (!_isSandbox && !IsBaseUrl(ApiBaseUrl))
            yield return "Twilio:ApiBaseUrl is not an absolute http or https URL without query.";
        if (IsSet(PublicBaseUrl) && !IsBaseUrl(PublicBaseUrl))
            yield return "Twilio:PublicBaseUrl is not an absolute http or https URL without query.";
        if (TimeoutSeconds is < 1 or > 60)
            yield return "Twilio:TimeoutSeconds is not between 1 and 60.";
        if (MessagesPerSecond is < 0 or double.NaN or > 10_000)
            yield return "Twilio:MessagesPerSecond is not between 0 (as fast as taken) and 10000.";
    }

    private static bool CanSend(string number) =>
        PhoneNumber.Parse(number).Verdict is PhoneVerdict.Valid or PhoneVerdict.ShortCode;

    private static bool IsBaseUrl(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.Host.Length > 0;

    private static bool IsSet(string? value) => !string.IsNullOrWhiteSpace(value);

    [GeneratedRegex(@"^AC[0-9a-zA-Z]{32}\z")]
    private static partial Regex AccountShape();

    [GeneratedRegex(@"^SK[0-9a-zA-Z]{32}\z")]
    private static partial Regex KeyShape();

    [GeneratedRegex(@"^MG[0-9a-zA-Z]{32}\z")]
    private static partial Regex ServiceShape();
}
