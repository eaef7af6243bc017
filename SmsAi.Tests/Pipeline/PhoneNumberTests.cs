using SmsAi.Core.Pipeline;

namespace SmsAi.Tests.Pipeline;

/// <summary>Addresses of all kinds: numbers of many countries, and everything that isn't one.</summary>
public sealed class PhoneNumberTests
{
    [Theory]
    [InlineData("+14158675309", "US", "1")]
    [InlineData("+15005550006", "US", "1")]
    [InlineData("+18005551212", "US", "1")]
    [InlineData("+14165550123", "CA", "1")]
    [InlineData("+16045550123", "CA", "1")]
    [InlineData("+18765550123", "JM", "1")]
    [InlineData("+17875550123", "PR", "1")]
    [InlineData("+18095550123", "DO", "1")]
    [InlineData("+442079460123", "GB", "44")]
    [InlineData("+441481960123", "GG", "44")]
    [InlineData("+447624123456", "IM", "44")]
    [InlineData("+4915112345678", "DE", "49")]
    [InlineData("+33612345678", "FR", "33")]
    [InlineData("+390669812345", "VA", "39")]
    [InlineData("+393123456789", "IT", "39")]
    [InlineData("+79161234567", "RU", "7")]
    [InlineData("+77011234567", "KZ", "7")]
    [InlineData("+358401234567", "FI", "358")]
    [InlineData("+5999123456", "CW", "599")]
    [InlineData("+5993181234", "BQ", "599")]
    [InlineData("+212661234567", "MA", "212")]
    [InlineData("+919876543210", "IN", "91")]
    [InlineData("+8613812345678", "CN", "86")]
    [InlineData("+85251234567", "HK", "852")]
    [InlineData("+6421123456", "NZ", "64")]
    [InlineData("+2901234567", "SH", "290")]
    [InlineData("+883510012345678", "001", "883")]
    [InlineData("+3544101234", "IS", "354")]
    [InlineData("+683 4001", "NU", "683")]
    public void Number_of_any_country_is_known(string address, string country, string code)
    {
        var number = PhoneNumber.Parse(address);
        (number.Verdict, number.Country, number.CallingCode).ShouldBe((PhoneVerdict.Valid, country, code));
        number.Canonical.ShouldBe(address.Replace(" ", ""));
        number.IsAnswerable.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null, PhoneVerdict.Empty)]
    [InlineData("", PhoneVerdict.Empty)]
    [InlineData("   ", PhoneVerdict.Empty)]
    [InlineData("whatsapp:", PhoneVerdict.Empty)]
    [InlineData("12345", PhoneVerdict.ShortCode)]
    [InlineData("729725", PhoneVerdict.ShortCode)]
    [InlineData("911", PhoneVerdict.ShortCode)]
    [InlineData("12", PhoneVerdict.TooShort)]
    [InlineData("MYBANK", PhoneVerdict.Alphanumeric)]
    [InlineData("DHL 24", PhoneVerdict.Alphanumeric)]
    [InlineData("Anonymous", PhoneVerdict.Alphanumeric)]
    [InlineData("TwelveLetter", PhoneVerdict.Malformed)]
    [InlineData("4158675309", PhoneVerdict.NoCountryCode)]
    [InlineData("14158675309", PhoneVerdict.NoCountryCode)]
    [InlineData("+1234567890123456", PhoneVerdict.TooLong)]
    [InlineData("1234567890123456", PhoneVerdict.TooLong)]
    [InlineData("+1415", PhoneVerdict.TooShort)]
    [InlineData("+123456", PhoneVerdict.TooShort)]
    [InlineData("+9991234567", PhoneVerdict.UnknownCountryCode)]
    [InlineData("+2101234567", PhoneVerdict.UnknownCountryCode)]
    [InlineData("+0123456789", PhoneVerdict.UnknownCountryCode)]
    [InlineData("+", PhoneVerdict.Malformed)]
    [InlineData("++14158675309", PhoneVerdict.Malformed)]
    [InlineData("+1415867530x", PhoneVerdict.Malformed)]
    [InlineData("+١٤١٥٨٦٧٥٣٠٩", PhoneVerdict.Malformed)]
    [InlineData("me@example.com", PhoneVerdict.Malformed)]
    [InlineData("😀", PhoneVerdict.Malformed)]
    public void What_is_no_number_is_kept_with_its_verdict(string? address, PhoneVerdict verdict)
    {
        var number = PhoneNumber.Parse(address);
        number.Verdict.ShouldBe(verdict);
        number.Country.ShouldBeNull();
        number.IsAnswerable.ShouldBeFalse();
        if (verdict is not PhoneVerdict.Empty) number.Canonical.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("+1 (415) 867-5309")]
    [InlineData("+1.415.867.5309")]
    [InlineData("001 415 867 5309")]
    [InlineData(" +14158675309 ")]
    [InlineData("whatsapp:+14158675309")]
    [InlineData("WhatsApp:+14158675309")]
    public void One_person_has_one_canonical_form(string address) => PhoneNumber.Parse(address).Canonical.ShouldBe("+14158675309");

    [Fact]
    public void Longest_number_is_accepted() => PhoneNumber.Parse("+491234567890123").Verdict.ShouldBe(PhoneVerdict.Valid);

    [Fact]
    public void WhatsApp_number_keeps_its_channel_in_the_address_only()
    {
        var number = PhoneNumber.Parse("whatsapp:+14158675309");
        number.IsWhatsApp.ShouldBeTrue();
        number.Address.ShouldBe("whatsapp:+14158675309");
        number.ShouldNotBe(PhoneNumber.Parse("+14158675309"));
    }

    [Fact]
    public void WhatsApp_scoped_id_can_be_answered_though_it_is_no_number()
    {
        var id = PhoneNumber.Parse("whatsapp:US.13491208655302741918");
        (id.Verdict, id.IsAnswerable, id.Country).ShouldBe((PhoneVerdict.WhatsAppScopedId, true, null));
        id.Canonical.ShouldBe("whatsapp:US.13491208655302741918");
        id.Address.ShouldBe("whatsapp:US.13491208655302741918");
    }

    [Fact]
    public void Sender_names_are_one_whatever_their_case() =>
        PhoneNumber.Parse("MyBank").Canonical.ShouldBe(PhoneNumber.Parse("MYBANK").Canonical);

    [Theory]
    [InlineData("+14158675309", "09", "··09")]
    [InlineData("whatsapp:+4915112345678", "78", "··78")]
    [InlineData("MYBANK", "NK", "··NK")]
    [InlineData("911", "", "··")]
    [InlineData("", "", "··")]
    public void Only_the_tail_is_ever_shown(string address, string tail, string masked)
    {
        var number = PhoneNumber.Parse(address);
        (number.Tail, number.Masked).ShouldBe((tail, masked));
        $"{number}".ShouldBe(masked);
    }

    [Theory]
    [InlineData("+18005551212", true)]
    [InlineData("+18885551212", true)]
    [InlineData("+18015551212", false)]
    [InlineData("+8005551212", false)]
    public void Toll_free_numbers_are_known(string address, bool isTollFree) => PhoneNumber.Parse(address).IsTollFree.ShouldBe(isTollFree);

    [Fact]
    public void Default_number_is_empty()
    {
        default(PhoneNumber).Verdict.ShouldBe(PhoneVerdict.Empty);
        default(PhoneNumber).Canonical.ShouldBe("");
    }
}
