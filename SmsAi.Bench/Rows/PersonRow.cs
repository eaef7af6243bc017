using System.Globalization;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Intake;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Bench.Rows;

/// <summary>What is stored of an invented person: hashed and encrypted as the product does it.</summary>
internal sealed record PersonRow(long UserId, string Address, byte[] Hash, byte[] PhoneCipher, PersonKey Profile, byte[] WrappedProfile)
{
    public string Tail => Address[^2..];

    public const string Country = "US";

    public string Alias => Aliases.Of(UserId);

    public static PersonRow Make(long userId, long number, PhoneHasher hasher, MasterKeys masters)
    {
        var address = PhoneNumber.Parse(string.Create(CultureInfo.InvariantCulture, $"+{number}")).Canonical;
        var profile = PersonKey.Create();
        return new(userId, address, hasher.Hash(address), profile.Encrypt(address, "users.phone", userId), profile, masters.Wrap(profile));
    }
}
