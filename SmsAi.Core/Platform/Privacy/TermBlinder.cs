using System.Security.Cryptography;
using System.Text;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>
/// Turns a term into 12 characters that only the month's search key can make: HMAC-SHA256 cut to 9 bytes, in base64. What it made it
/// knows again, since few words make up most of what people write; so it lives no longer than the texts it is used for.
/// </summary>
internal sealed class TermBlinder : IDisposable
{
    /// <summary>Characters of a blinded term.</summary>
    public const int Length = 12;

    private const int Kept = 9;
    private const int MostKnown = 4096;

    private readonly IncrementalHash _hash;
    private readonly Dictionary<string, string> _known = [];
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _knownBySpan;

    public TermBlinder(SearchKey key)
    {
        _hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key.Material);
        _knownBySpan = _known.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public string Blind(ReadOnlySpan<char> term)
    {
        if (_knownBySpan.TryGetValue(term, out var known))
            return known;
        Span<byte> bytes = stackalloc byte[SearchWords.MaxTermLength * 3];
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _hash.AppendData(bytes[..Encoding.UTF8.GetBytes(term, bytes)]);
        _hash.GetHashAndReset(hash);
        var blinded = Convert.ToBase64String(hash[..Kept]);
        if (_known.Count < MostKnown)
            _knownBySpan[term] = blinded;
        return blinded;
    }

    public void Dispose() => _hash.Dispose();
}
