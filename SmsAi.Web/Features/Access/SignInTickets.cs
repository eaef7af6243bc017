using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Web.Features.Access;

/// <summary>
/// What the sign-in's second step brings from the first: that this account's password was right, at most five minutes ago. Sealed by the key
/// ring, so that any replica reads it and nobody else; worth nothing once the password is another.
/// </summary>
internal sealed class SignInTickets(IDataProtectionProvider protection, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly IDataProtector _seal = protection.CreateProtector("sign-in, second step");

    internal string For(Operator account) => _seal.Protect(
        string.Create(CultureInfo.InvariantCulture, $"{account.Id}|{(time.GetUtcNow() + Life).ToUnixTimeSeconds()}|{Mark(account)}"));

    /// <summary>Whose password was right; null when the ticket is none of ours or too old.</summary>
    internal string? OperatorOf(string ticket) =>
        Open(ticket) is [var account, var until, _] && long.Parse(until, CultureInfo.InvariantCulture) > time.GetUtcNow().ToUnixTimeSeconds() ? account : null;

    /// <summary>The password is still the one that was right.</summary>
    internal bool Fits(string ticket, Operator account) => Open(ticket) is [_, _, var mark] && mark == Mark(account);

    private string[]? Open(string ticket)
    {
        try
        {
            return _seal.Unprotect(ticket).Split('|');
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string Mark(Operator account) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account.PasswordHash ?? "")).AsSpan(0, 8));
}
