using Microsoft.Extensions.Options;

namespace SmsAi.Core.Platform.Privacy;

/// <summary>The secret keys everything personal depends on: base64 of exactly 32 random bytes each, kept outside the database.</summary>
public sealed class PrivacyOptions
{
    public const string Section = "Privacy";

    internal const int KeyBytes = 32;
    private const string Command = "openssl rand -base64 32";

    /// <summary>Finds people and equal texts by keyed hashes. It can't be changed once people are stored: they wouldn't be found again.</summary>
    public string PhoneHashKey { get; set; } = "";

    /// <summary>The master key that wraps every person's keys. Change it by moving the old one to <see cref="PreviousEncryptionKeys"/>.</summary>
    public string EncryptionKey { get; set; } = "";

    /// <summary>Former master keys, still able to unwrap what they wrapped.</summary>
    public IList<string> PreviousEncryptionKeys { get; init; } = [];

    /// <summary>True when no key at all is set, which the embedded default answers with keys of its own.</summary>
    public bool IsEmpty =>
        string.IsNullOrWhiteSpace(PhoneHashKey) && string.IsNullOrWhiteSpace(EncryptionKey) && PreviousEncryptionKeys.Count == 0;

    /// <summary>Every fault at once, each a sentence that names its key and never shows its value.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        foreach (var (name, value) in Named())
        {
            if (FaultOf(name, value, out _) is { } fault)
                faults.Add(fault);
        }

        return faults;
    }

    internal byte[] PhoneHashKeyBytes() => Parse(Section + ":" + nameof(PhoneHashKey), PhoneHashKey);

    internal byte[] EncryptionKeyBytes() => Parse(Section + ":" + nameof(EncryptionKey), EncryptionKey);

    internal byte[][] PreviousEncryptionKeyBytes() =>
        [.. PreviousEncryptionKeys.Select((value, at) => Parse($"{Section}:{nameof(PreviousEncryptionKeys)}:{at}", value))];

    private IEnumerable<(string Name, string Value)> Named() =>
    [
        ($"{Section}:{nameof(PhoneHashKey)}", PhoneHashKey),
        ($"{Section}:{nameof(EncryptionKey)}", EncryptionKey),
        .. PreviousEncryptionKeys.Select((value, at) => ($"{Section}:{nameof(PreviousEncryptionKeys)}:{at}", value)),
    ];

    private static byte[] Parse(string name, string value) =>
        FaultOf(name, value, out var key) is { } fault ? throw new OptionsValidationException(name, typeof(PrivacyOptions), [fault]) : key;

    private static string? FaultOf(string name, string? value, out byte[] key)
    {
        key = [];
        if (string.IsNullOrWhiteSpace(value))
            return $"{name} is missing: it needs 32 random bytes in base64. Make one with `{Command}`.";

        var buffer = new byte[value.Length];
        if (!Convert.TryFromBase64String(value, buffer, out var length))
            return $"{name} is not base64: it needs 32 random bytes in base64. Make one with `{Command}`.";
        if (length != KeyBytes)
            return $"{name} holds {length} bytes: it needs exactly 32 random bytes in base64. Make one with `{Command}`.";

        key = buffer[..KeyBytes];
        return key.AsSpan().ContainsAnyExcept((byte)0)
            ? null
            : $"{name} is all zero, which is no secret: it needs 32 random bytes in base64. Make one with `{Command}`.";
    }
}

/// <summary>Lets the program refuse to start with all faults of <see cref="PrivacyOptions"/> at once.</summary>
internal sealed class PrivacyOptionsValidator : IValidateOptions<PrivacyOptions>
{
    public ValidateOptionsResult Validate(string? name, PrivacyOptions options) =>
        options.Faults() is { Count: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
}
