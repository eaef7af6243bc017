using System.Text;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>Wrapped keys open under the master key that wrapped them, also after it was replaced.</summary>
public sealed class MasterKeysTests
{
    private static readonly byte[] Current = Convert.FromBase64String(TestKeys.Encryption);
    private static readonly byte[] Former = Convert.FromBase64String(TestKeys.FormerEncryption);

    [Fact]
    public void Wrapped_key_reads_what_the_key_wrote()
    {
        var key = PersonKey.Create();
        var cipher = key.Encrypt("hello", "users.phone", 3);

        TestKeys.Masters.Unwrap(key.Id, TestKeys.Masters.Wrap(key)).Decrypt(cipher, "users.phone", 3).ShouldBe("hello");
    }

    [Fact]
    public void Key_wrapped_under_a_previous_master_key_opens_and_is_wrapped_anew_under_the_current()
    {
        var key = PersonKey.Create();
        var cipher = key.Encrypt("hello", "users.phone", 3);
        var old = new MasterKeys(Former).Wrap(key);
        var rotated = new MasterKeys(Current, Former);

        var renewed = rotated.Wrap(rotated.Unwrap(key.Id, old));

        new MasterKeys(Current).Unwrap(key.Id, renewed).Decrypt(cipher, "users.phone", 3).ShouldBe("hello");
    }

    [Fact]
    public void Unknown_master_key_is_named_without_showing_any_key()
    {
        var key = PersonKey.Create();
        var wrapped = new MasterKeys(Former).Wrap(key);

        var refusal = Should.Throw<UnknownMasterKeyException>(() => TestKeys.Masters.Unwrap(key.Id, wrapped));

        // Fingerprints computed with Python.
        refusal.MasterId.ShouldBe("6f45bd407d463bb4");
        refusal.Message.ShouldBe(
            "The master key 6f45bd407d463bb4 is not configured; known are 390096432e81841f. " +
            "Set it as Privacy:EncryptionKey, or among Privacy:PreviousEncryptionKeys.");
    }

    [Fact]
    public void Current_id_is_the_fingerprint_of_the_current_key() =>
        new MasterKeys(Current, Former).CurrentId.ShouldBe("390096432e81841f");

    [Fact]
    public void Wrapped_key_given_another_id_is_refused()
    {
        var wrapped = TestKeys.Masters.Wrap(PersonKey.Create());

        Should.Throw<CipherRefusedException>(() => TestKeys.Masters.Unwrap(Guid.NewGuid(), wrapped));
    }

    [Fact]
    public void Wrapped_key_with_any_byte_changed_is_refused()
    {
        var key = PersonKey.Create();
        var wrapped = TestKeys.Masters.Wrap(key);
        for (var at = 0; at < wrapped.Length; at++)
        {
            var changed = (byte[])wrapped.Clone();
            changed[at] ^= 1;
            var refusal = Should.Throw<Exception>(() => TestKeys.Masters.Unwrap(key.Id, changed), $"byte {at}");
            (refusal is CipherRefusedException or UnknownMasterKeyException).ShouldBeTrue($"byte {at}");
        }
    }

    [Fact]
    public void Protected_data_opens_at_its_place_only()
    {
        var data = Encoding.UTF8.GetBytes("a secret of ours");
        var box = TestKeys.Masters.Protect(data, "sandbox_settings.value|token");

        TestKeys.Masters.Unprotect(box, "sandbox_settings.value|token").ShouldBe(data);
        Should.Throw<CipherRefusedException>(() => TestKeys.Masters.Unprotect(box, "sandbox_settings.value|number"));
    }

    [Fact]
    public void Data_protected_by_another_tool_opens() =>
        Encoding.UTF8.GetString(TestKeys.Masters.Unprotect(Convert.FromHexString(Vectors.Protected), "sandbox_settings.value|token"))
            .ShouldBe("a secret of ours");

    [Fact]
    public void Protected_data_is_no_wrapped_key()
    {
        var id = Guid.NewGuid();
        var box = TestKeys.Masters.Protect(new byte[32], id.ToString("N"));

        Should.Throw<CipherRefusedException>(() => TestKeys.Masters.Unwrap(id, box));
    }
}
