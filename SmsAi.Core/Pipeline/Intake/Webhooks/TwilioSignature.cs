using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Pipeline.Intake.Webhooks;

/// <summary>
/// Checks that a webhook was signed with one of our auth tokens, over every spelling of URL and form that Twilio is known to sign.
/// Refusals are values with a reason, never exceptions, and comparing takes the same time for any content.
/// </summary>
public sealed class TwilioSignature
{
    private const int DigestBytes = 20;
    private const int HeaderLength = 28;

    private readonly byte[][] _tokens;
    private readonly SigningToken _first;

    public TwilioSignature(string? authToken, string? secondaryAuthToken = null)
    {
        _first = string.IsNullOrWhiteSpace(authToken) ? SigningToken.Secondary : SigningToken.Primary;
        _tokens = [.. new[] { authToken, secondaryAuthToken }
            .Where(token => !string.IsNullOrWhiteSpace(token))
            .Select(token => Encoding.UTF8.GetBytes(token!))];
    }

    /// <summary>Checks a form post (or, with <see cref="RawForm.Empty"/>, a GET) that arrived under this full URL.</summary>
    public SignatureVerdict Verify(string url, RawForm form, string? header)
    {
        if (RefusalBeforeHashing(header) is { } refused) return refused;
        if (form.Fault is not null) return SignatureVerdict.Refused(SignatureRefusal.FormUnreadable);

        Span<byte> expected = stackalloc byte[HeaderLength];
        if (Encoding.ASCII.GetBytes(header, expected) != HeaderLength) return SignatureVerdict.Refused(SignatureRefusal.HeaderMalformed);
        var given = SignedUrl.WithoutFragment(url);

        // Several spellings of the content are possible only with repeated keys or bytes that are not UTF-8; nearly always one.
        for (var spelling = FormSpelling.Arrival; spelling <= FormSpelling.UniqueRepaired; spelling++)
        {
            if (!SignedContent.Applies(spelling, form)) continue;
            using var content = new SignedContent(form, spelling, given.Length * 3 + 4);
            if (Match(content, given, expected) is var token and not SigningToken.None)
                return new SignatureVerdict(SignatureRefusal.None, token, UrlVariant.AsGiven, given);
            if (SignedUrl.OtherPort(given) is var (otherUrl, variant) && Match(content, otherUrl, expected) is var otherToken and not SigningToken.None)
                return new SignatureVerdict(SignatureRefusal.None, otherToken, variant, otherUrl);
        }

        return SignatureVerdict.Refused(SignatureRefusal.Mismatch);
    }

    /// <summary>Checks a form post against our public URL, or in the sandbox against each address we listen on.</summary>
    public SignatureVerdict Verify(WebhookUrl url, string rawTarget, RawForm form, string? header)
    {
        var verdict = SignatureVerdict.Refused(SignatureRefusal.NoPublicUrl);
        foreach (var origin in url.Bases)
        {
            verdict = Verify(WebhookUrl.Join(origin, rawTarget), form, header);
            if (verdict.Refusal != SignatureRefusal.Mismatch) return verdict;
        }

        return verdict;
    }

    /// <summary>Checks a JSON post: the signature covers the URL alone, and the URL carries the hash of the body; both must hold.</summary>
    public SignatureVerdict VerifyJson(string url, ReadOnlySpan<byte> body, string? header)
    {
        if (RefusalBeforeHashing(header) is { } refused) return refused;
        var claimed = SignedUrl.BodyHash(SignedUrl.WithoutFragment(url));
        if (claimed.IsEmpty) return SignatureVerdict.Refused(SignatureRefusal.BodyHashMissing);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        Span<char> hex = stackalloc char[SHA256.HashSizeInBytes * 2];
        Convert.TryToHexStringLower(hash, hex, out _);
        return claimed.SequenceEqual(hex)
            ? Verify(url, RawForm.Empty, header)
            : SignatureVerdict.Refused(SignatureRefusal.BodyHashMismatch);
    }

    /// <summary>The signature Twilio would send with this form; for the Phone page, the sandbox and the self-test.</summary>
    public static string Sign(string url, RawForm form, string authToken)
    {
        var given = SignedUrl.WithoutFragment(url);
        using var content = new SignedContent(form, FormSpelling.Arrival, given.Length * 3);
        Span<byte> digest = stackalloc byte[DigestBytes];
        Hash(Encoding.UTF8.GetBytes(authToken), content.Under(given), digest);
        return Convert.ToBase64String(digest);
    }

    private SignatureVerdict? RefusalBeforeHashing(string? header) => header switch
    {
        _ when _tokens.Length == 0 => SignatureVerdict.Refused(SignatureRefusal.NoTokenConfigured),
        null => SignatureVerdict.Refused(SignatureRefusal.HeaderMissing),
        _ when string.IsNullOrWhiteSpace(header) => SignatureVerdict.Refused(SignatureRefusal.HeaderEmpty),
        { Length: not HeaderLength } => SignatureVerdict.Refused(SignatureRefusal.HeaderMalformed),
        _ => null,
    };

    private SigningToken Match(SignedContent content, string url, ReadOnlySpan<byte> expected)
    {
        Span<byte> digest = stackalloc byte[DigestBytes];
        Span<byte> text = stackalloc byte[HeaderLength];
        var signed = content.Under(url);
        for (var index = 0; index < _tokens.Length; index++)
        {
            Hash(_tokens[index], signed, digest);
            Base64.EncodeToUtf8(digest, text, out _, out _);
            if (CryptographicOperations.FixedTimeEquals(text, expected)) return _first + index;
        }

        return SigningToken.None;
    }

    [SuppressMessage("Security", "CA5350", Justification = "Twilio signs with HMAC-SHA1; there is no other choice.")]
    private static void Hash(byte[] token, ReadOnlySpan<byte> content, Span<byte> digest) => HMACSHA1.HashData(token, content, digest);
}
