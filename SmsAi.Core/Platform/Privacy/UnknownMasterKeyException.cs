using System.Security.Cryptography;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>Something was wrapped by a master key that is not configured (any more), so it can't be read.</summary>
public sealed class UnknownMasterKeyException : CryptographicException
{
    internal UnknownMasterKeyException(string masterId, IEnumerable<string> known)
        : base(
            $"The master key {masterId} is not configured; known are {string.Join(", ", known)}. " +
            "Set it as Privacy:EncryptionKey, or among Privacy:PreviousEncryptionKeys.") =>
        MasterId = masterId;

    /// <summary>The fingerprint of the key that is missing.</summary>
    public string MasterId { get; }
}
