namespace SmsAi.Tests.Platform.Privacy;

/// <summary>Expected values come from Python's hmac and from `openssl kdf … HKDF`, under the key of bytes 0 to 31.</summary>
public sealed class PhoneHasherTests
{
    [Theory]
    [InlineData("+4915112345678", "a1ad424aa9d38431bdafeb436210f63083697ece2a75cbe29a08326c5ef7d433")]
    [InlineData("whatsapp:+14155550100", "55baa7a7149c9f638d8f132194d990073ee76ca11fbf28ed473fe7571e69dd9c")]
    public void Sender_is_hashed_as_by_other_tools(string sender, string expected) =>
        Convert.ToHexStringLower(TestKeys.Hasher.Hash(sender)).ShouldBe(expected);

    [Theory]
    [InlineData("hello there", "3fef67a4c9274b517990b835152d5ed833c29aa77f1084a286ee56fbc4dc688d")]
    [InlineData("ありがとう", "b3e610440c00d1e2c3271728310bc7ee22751b751569e3dd0a892372ee34296e")]
    public void Content_is_hashed_as_by_other_tools(string text, string expected) =>
        Convert.ToHexStringLower(TestKeys.Hasher.HashContent(text)).ShouldBe(expected);

    [Theory]
    [InlineData(42, "d7c5b2d6413c1f6ec7b1efd33806e1fb8704703c41e801306591c6b1d5a54f6e")]
    [InlineData(long.MaxValue, "353b22ac33368fcd55546811bbdecc4863ba6648c811e667362bdcaf47de037a")]
    public void Safety_identifier_is_made_as_by_other_tools(long userId, string expected) =>
        TestKeys.Hasher.SafetyIdentifier(userId).ShouldBe(expected);

    [Theory]
    [InlineData("mara@example.org")]
    [InlineData("Mara@Example.org")]
    public void Email_is_hashed_as_by_other_tools_in_whatever_case(string email) =>
        Convert.ToHexStringLower(TestKeys.Hasher.HashEmail(email)).ShouldBe("2da904e9bcc152b5eaa99971cf62494d860a4b6bd51bb8a6144a8c8c99c4a6b0");

    [Fact]
    public void Same_words_hash_differently_for_each_use()
    {
        const string Words = "42";
        string[] hashes =
        [
            Convert.ToHexStringLower(TestKeys.Hasher.Hash(Words)),
            Convert.ToHexStringLower(TestKeys.Hasher.HashContent(Words)),
            TestKeys.Hasher.SafetyIdentifier(42),
            Convert.ToHexStringLower(TestKeys.Hasher.HashEmail(Words)),
        ];

        hashes.ShouldBeUnique();
    }

    [Fact]
    public void Long_content_is_hashed_whole()
    {
        var text = new string('a', 10_000);

        TestKeys.Hasher.HashContent(text + "b").ShouldNotBe(TestKeys.Hasher.HashContent(text + "c"));
    }
}
