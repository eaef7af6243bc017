using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>Turns a term into 12 characters that only the month's search key can make: HMAC-SHA256 cut to 9 bytes, in base64.</summary>
internal sealed class TermBlinder(SearchKey key) : IDisposable
{
    private const int Kept = 9;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Material);

    public string Blind(string term)
    {
        Span<byte> bytes = stackalloc byte[SearchWords.MaxTermLength * 3];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _hash.AppendData(bytes[..Encoding.UTF8.GetBytes(term, bytes)]);
        _hash.GetHashAndReset(hash);
        return Convert.ToBase64String(hash[..Kept]);
    }

    public void Dispose() => _hash.Dispose();
}
