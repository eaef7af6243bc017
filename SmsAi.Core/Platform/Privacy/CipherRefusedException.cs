using System.Security.Cryptography;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>A cipher was changed, cut, moved to another row or column, or belongs to another key.</summary>
public sealed class CipherRefusedException : CryptographicException
{
    internal CipherRefusedException(string place, Exception? inner = null)
        : base($"A cipher of {place} doesn't open: it was changed or moved, or belongs to another key.", inner) =>
        Place = place;

    /// <summary>Where the cipher was meant to stand, such as "messages.body".</summary>
    public string Place { get; }
}
