using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>A cipher opens where it was made and nowhere else.</summary>
public sealed class PersonKeyTests
{
    private readonly PersonKey _key = PersonKey.Create();

    public static TheoryData<string> Texts() => ["", "a", "Grüße, 東京 🙂", "שלום مرحبا", "nul \0 inside", new string('x', 511), new string('ß', 10_000)];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_comes_back_whole(string text) =>
        _key.Decrypt(_key.Encrypt(text, "messages.body", 7), "messages.body", 7).ShouldBe(text);

    [Fact]
    public void Cipher_made_by_another_tool_opens()
    {
        // Key, wrapping and cipher were made with Python's cryptography package.
        var id = Guid.Parse("0198c0de-1234-7abc-8def-0123456789ab");
        var key = TestKeys.Masters.Unwrap(id, Convert.FromHexString(Vectors.Wrapped));

        key.Decrypt(Convert.FromHexString(Vectors.Cipher), "messages.body", 4711).ShouldBe("Grüße, 東京 🙂");
    }

    [Fact]
    public void Cipher_with_any_byte_changed_is_refused()
    {
        var cipher = _key.Encrypt("Meet me at five.", "messages.body", 7);
        for (var at = 0; at < cipher.Length; at++)
        {
            var changed = (byte[])cipher.Clone();
            changed[at] ^= 1;
            Should.Throw<CipherRefusedException>(() => _key.Decrypt(changed, "messages.body", 7), $"byte {at}");
        }
    }

    [Fact]
    public void Cipher_cut_or_lengthened_is_refused()
    {
        var cipher = _key.Encrypt("Meet me at five.", "messages.body", 7);
        for (var length = 0; length < cipher.Length; length++)
            Should.Throw<CipherRefusedException>(() => _key.Decrypt(cipher.AsSpan(0, length), "messages.body", 7), $"{length} bytes");

        Should.Throw<CipherRefusedException>(() => _key.Decrypt([.. cipher, 0], "messages.body", 7));
    }

    [Fact]
    public void Cipher_moved_to_another_row_place_or_key_is_refused()
    {
        var cipher = _key.Encrypt("Meet me at five.", "messages.body", 7);

        Should.Throw<CipherRefusedException>(() => _key.Decrypt(cipher, "messages.body", 8));
        Should.Throw<CipherRefusedException>(() => _key.Decrypt(cipher, "messages.fields", 7));
        Should.Throw<CipherRefusedException>(() => PersonKey.Create().Decrypt(cipher, "messages.body", 7));
        Should.Throw<CipherRefusedException>(() => TestKeys.SameMaterial(_key, Guid.NewGuid()).Decrypt(cipher, "messages.body", 7));
    }

    [Fact]
    public void Key_still_works_after_a_refusal()
    {
        var cipher = _key.Encrypt("Meet me at five.", "messages.body", 7);
        Should.Throw<CipherRefusedException>(() => _key.Decrypt(cipher, "messages.body", 8));

        _key.Decrypt(cipher, "messages.body", 7).ShouldBe("Meet me at five.");
    }

    [Fact]
    public void Nonces_of_a_hundred_thousand_ciphers_on_four_threads_are_all_different()
    {
        var nonces = new UInt128[100_000];
        Parallel.For(0, nonces.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, at =>
        {
            Span<byte> nonce = stackalloc byte[16];
            _key.Encrypt("ok", "messages.body", 7).AsSpan(1, 12).CopyTo(nonce);
            nonces[at] = BitConverter.ToUInt128(nonce);
        });

        nonces.Distinct().Count().ShouldBe(nonces.Length);
    }

    [Fact]
    public void One_key_serves_many_threads_at_once() =>
        Parallel.For(0, 20_000, at =>
        {
            var text = $"text {at}";
            _key.Decrypt(_key.Encrypt(text, "messages.body", at), "messages.body", at).ShouldBe(text);
        });

    [Fact]
    public void More_keys_than_keep_an_idle_cipher_serve_many_threads_at_once()
    {
        PersonKey[] keys = [.. Enumerable.Range(0, 3_000).Select(_ => PersonKey.Create())];
        Parallel.For(0, 60_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, at =>
        {
            // In order and beside it, so that keys lose their cipher while others use them.
            var key = keys[at % 2 == 0 ? at / 20 : at * 7919L % keys.Length];
            key.Decrypt(key.Encrypt($"text {at}", "messages.body", at), "messages.body", at).ShouldBe($"text {at}");
        });
    }

    [Fact]
    public void Cipher_shows_neither_text_nor_equality()
    {
        var first = _key.Encrypt("Meet me at five.", "messages.body", 7);
        var second = _key.Encrypt("Meet me at five.", "messages.body", 7);

        first.ShouldNotBe(second);
        first.AsSpan().IndexOf("five"u8).ShouldBe(-1);
    }
}
