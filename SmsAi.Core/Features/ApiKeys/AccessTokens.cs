using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SmsAi.Core.Features.ApiKeys;

/// <summary>A token as it is given out.</summary>
public sealed record AccessToken(string Text, DateTimeOffset ExpiresAt);

/// <summary>
/// Tokens a key is exchanged for: JWTs of ten minutes, HMAC-SHA256 and nothing else; a header that says more than ours do is refused, not heeded.
/// A token only names its key; what the key may do is asked of the database at each call.
/// </summary>
public sealed class AccessTokens(TokenKeys keys, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const string Issuer = "smsai";
    private const string Audience = "smsai-api";
    private const string Algorithm = "HS256";
    private const string Type = "at+jwt";
    private const int Longest = 2048;

    /// <summary>Between the clocks of two replicas.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    public async Task<AccessToken> IssueAsync(ApiKey key, CancellationToken cancel)
    {
        var signing = await keys.CurrentAsync(cancel);
        var now = clock.GetUtcNow();
        var expires = now + Lifetime < key.ExpiresAt ? now + Lifetime : key.ExpiresAt;
        var claims = new
        {
            iss = Issuer,
            aud = Audience,
            sub = key.Prefix,
            jti = Guid.CreateVersion7(now).ToString("N"),
            iat = now.ToUnixTimeSeconds(),
            exp = expires.ToUnixTimeSeconds(),
            role = key.Role,
            scope = string.Join(' ', key.Scopes),
        };
        var text = Encode(new { alg = Algorithm, typ = Type, kid = signing.Id.ToString("N") }) + "." + Encode(claims);
        return new(text + "." + Base64Url.EncodeToString(Sign(signing, text)), DateTimeOffset.FromUnixTimeSeconds(claims.exp));
    }

    /// <summary>The prefix of the key a token was given for; null when it is not one of ours, was altered, or is over.</summary>
    public async Task<string?> ReadAsync(string text, CancellationToken cancel)
    {
        if (text.Length > Longest || text.Split('.') is not [var head, var body, var signature])
            return null;
        if (Decode(head) is not { } header || Text(header, "alg") != Algorithm || Text(header, "typ") != Type
            || header.EnumerateObject().Any(part => part.Name is not ("alg" or "typ" or "kid"))
            || !Guid.TryParseExact(Text(header, "kid"), "N", out var id) || await keys.FindAsync(id, cancel) is not { } key)
            return null;
        if (!Fits(signature, Sign(key, head + "." + body)) || Decode(body) is not { } claims)
            return null;
        var now = clock.GetUtcNow();
        return Text(claims, "iss") == Issuer && Text(claims, "aud") == Audience
            && Moment(claims, "exp") > now && Moment(claims, "iat") <= now + Skew
            ? Text(claims, "sub")
            : null;
    }

    private static byte[] Sign(TokenKey key, string text) => HMACSHA256.HashData(key.Secret, Encoding.ASCII.GetBytes(text));

    private static bool Fits(string signature, byte[] expected) =>
        Base64Url.IsValid(signature) && CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(signature), expected);

    private static string Encode<T>(T part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    private static JsonElement? Decode(string part)
    {
        if (!Base64Url.IsValid(part))
            return null;
        try
        {
            var element = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(part));
            return element.ValueKind == JsonValueKind.Object ? element : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Moment(JsonElement part, string name) =>
        part.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is > 0 and < 100_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
