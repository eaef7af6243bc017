using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Bench.Loopback;

/// <summary>
/// The carrier's signature, written from its documentation and not from the product's own verifier: the two check each other.
/// </summary>
public static class TwilioSigner
{
    /// <summary>Base64 of HMAC-SHA1 over the URL and the sorted names and values.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "Twilio signs with HMAC-SHA1; there is no other choice.")]
    public static string Sign(string url, IEnumerable<KeyValuePair<string, string>> fields, string authToken)
    {
        var signed = new StringBuilder(url);
        foreach (var (name, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
            signed.Append(name).Append(value);
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(authToken), Encoding.UTF8.GetBytes(signed.ToString())));
    }
}
