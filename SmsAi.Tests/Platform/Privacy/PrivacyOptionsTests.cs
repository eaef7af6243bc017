using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Tests.Platform.Privacy;

/// <summary>Wrong keys are refused with a sentence an operator can act on.</summary>
public sealed class PrivacyOptionsTests
{
    private const string Zero = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [Fact]
    public void Two_good_keys_and_a_previous_one_are_accepted() =>
        Faults(TestKeys.PhoneHash, TestKeys.Encryption, TestKeys.FormerEncryption).ShouldBeEmpty();

    [Fact]
    public void Missing_keys_are_named_all_at_once() => Faults("", " ").ShouldBe(
        [
            "Privacy:PhoneHashKey is missing: it needs 32 random bytes in base64. Make one with `openssl rand -base64 32`.",
            "Privacy:EncryptionKey is missing: it needs 32 random bytes in base64. Make one with `openssl rand -base64 32`.",
        ]);

    [Theory]
    [InlineData("not base64!", "Privacy:EncryptionKey is not base64")]
    [InlineData("c2hvcnQ=", "Privacy:EncryptionKey holds 5 bytes")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", "Privacy:EncryptionKey holds 33 bytes")]
    [InlineData(Zero, "Privacy:EncryptionKey is all zero")]
    public void Wrong_key_is_refused_with_its_name_and_the_command_that_makes_one(string key, string beginning)
    {
        var fault = Faults(TestKeys.PhoneHash, key).ShouldHaveSingleItem();

        fault.ShouldStartWith(beginning);
        fault.ShouldContain("openssl rand -base64 32");
        fault.ShouldNotContain(key);
    }

    [Fact]
    public void Previous_keys_are_named_by_their_place() =>
        Faults(TestKeys.PhoneHash, TestKeys.Encryption, TestKeys.FormerEncryption, "short")
            .ShouldHaveSingleItem().ShouldStartWith("Privacy:PreviousEncryptionKeys:1 ");

    [Fact]
    public void Key_as_openssl_prints_it_with_its_line_end_is_accepted() =>
        Faults(TestKeys.PhoneHash + "\n", TestKeys.Encryption + "\r\n").ShouldBeEmpty();

    [Fact]
    public void Program_without_keys_is_refused_with_every_fault()
    {
        using var services = new ServiceCollection().AddPrivacy(new ConfigurationBuilder().Build()).BuildServiceProvider();

        var refusal = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<MasterKeys>());

        refusal.Failures.Count().ShouldBe(2);
    }

    [Fact]
    public void Program_with_keys_hashes_and_unwraps_with_them()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Privacy:PhoneHashKey"] = TestKeys.PhoneHash,
            ["Privacy:EncryptionKey"] = TestKeys.Encryption,
            ["Privacy:PreviousEncryptionKeys:0"] = TestKeys.FormerEncryption,
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        using var services = new ServiceCollection().AddPrivacy(configuration).BuildServiceProvider();
        var key = PersonKey.Create();

        services.GetRequiredService<PhoneHasher>().Hash("+4915112345678").ShouldBe(TestKeys.Hasher.Hash("+4915112345678"));
        services.GetRequiredService<MasterKeys>()
            .Unwrap(key.Id, new MasterKeys(Convert.FromBase64String(TestKeys.FormerEncryption)).Wrap(key)).Id.ShouldBe(key.Id);
    }

    private static IReadOnlyList<string> Faults(string phoneHash, string encryption, params string[] previous) =>
        new PrivacyOptions { PhoneHashKey = phoneHash, EncryptionKey = encryption, PreviousEncryptionKeys = previous }.Faults();
}
