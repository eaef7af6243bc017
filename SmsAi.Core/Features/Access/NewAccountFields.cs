using Microsoft.AspNetCore.Identity;

namespace SmsAi.Core.Features.Access;

/// <summary>What came of making an account by a one-time link.</summary>
public abstract record NewAccountResult
{
    private NewAccountResult()
    {
    }

    public sealed record Made(long OperatorId) : NewAccountResult;

    /// <summary>The link was used, taken back, is too old, or somebody else was first.</summary>
    public sealed record LinkRefused : NewAccountResult;

    /// <summary>What is wrong with the fields; null where nothing is.</summary>
    public sealed record Invalid(string? Name, string? Email, string? Password) : NewAccountResult;
}

/// <summary>What is asked of everybody who makes an account.</summary>
internal static class NewAccountFields
{
    public const int LongestName = 80;

    public static NewAccountResult.Invalid? Check(string name, string email, string password)
    {
        var nameFault = name.Length is 0 or > LongestName ? $"Enter a name of 1 to {LongestName} characters." : null;
        var emailFault = EmailAddress.IsPlausible(email) ? null : "Enter an e-mail address, such as name@example.org.";
        var passwordFault = PasswordRules.FaultOf(password, email, name);
        return nameFault is null && emailFault is null && passwordFault is null ? null : new(nameFault, emailFault, passwordFault);
    }

    public static void Require(IdentityResult result)
    {
        if (!result.Succeeded)
            throw new InvalidOperationException("The account could not be made: " + string.Join(", ", result.Errors.Select(error => error.Code)));
    }
}
