namespace SmsAi.Core.Platform.Privacy;

/// <summary>The key under which the words of one month's texts are blinded; destroyed with that month's body keys.</summary>
public sealed class SearchKey
{
    private readonly byte[] _key;

    public SearchKey(DateOnly month, byte[] key)
    {
        if (key.Length != PrivacyOptions.KeyBytes)
            throw new ArgumentException($"A search key has {PrivacyOptions.KeyBytes} bytes.", nameof(key));

        (Month, _key) = (month, key);
    }

    /// <summary>The first day of the month.</summary>
    public DateOnly Month { get; }

    internal ReadOnlySpan<byte> Material => _key;
}
