using System.Net.Mail;

namespace SmsAi.Core.Features.Access;

/// <summary>Tells an e-mail address from a slip of the keyboard; only a sent mail could tell more.</summary>
internal static class EmailAddress
{
    private const int Longest = 254;

    internal static bool IsPlausible(string? text) =>
        text is { Length: > 2 and <= Longest } && !text.Any(char.IsWhiteSpace) && !text.Any(char.IsControl)
        && MailAddress.TryCreate(text, out var address) && address.Address == text;
}
