using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>Fixed keys for tests, so that hashes can be compared with values computed elsewhere.</summary>
public static class TestKeys
{
    /// <summary>Bytes 0, 1, 2 … 31 as base64.</summary>
    public const string PhoneHash = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    /// <summary>Bytes 100, 101 … 131 as base64.</summary>
    public const string Encryption = "ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=";

    /// <summary>Bytes 200, 201 … 231 as base64.</summary>
    public const string FormerEncryption = "yMnKy8zNzs/Q0dLT1NXW19jZ2tvc3d7f4OHi4+Tl5uc=";

    public static PhoneHasher Hasher { get; } = new(Convert.FromBase64String(PhoneHash));

    public static MasterKeys Masters { get; } = new(Convert.FromBase64String(Encryption));

    /// <summary>The same secret under another id.</summary>
    internal static PersonKey SameMaterial(PersonKey key, Guid id) => PersonKey.From(id, key.Material.ToArray());
}
