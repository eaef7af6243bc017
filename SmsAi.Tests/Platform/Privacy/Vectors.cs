namespace SmsAi.Tests.Platform.Privacy;

/// <summary>
/// Made with Python's cryptography package: the master key is bytes 100 to 131, the person's key bytes 150 to 181 with the id
/// 0198c0de-1234-7abc-8def-0123456789ab, the nonces count up from 0, 12 and 24.
/// </summary>
internal static class Vectors
{
    public const string Wrapped =
        "01390096432e81841f000102030405060708090a0b599b18fa11bc1d95b1b29488a53503fed621a5d4250cfe9ecb750749bd0f3feeb4e82a3c499fcfb61c0f3d2b15ecbfd7";

    public const string Cipher = "010c0d0e0f101112131415161780d84a94a07f6b6327c1bbeadc562ebe946241e84e1b342c244c94a796ff51270e46a8cb";

    public const string Protected = "01390096432e81841f18191a1b1c1d1e1f20212223b57f524c3f12529af1f00caf262da31e7ab55d02e66b89a6b3e6267fea15365f";
}
