using Microsoft.Extensions.Options;

namespace SmsAi.Core.Features.Access;

/// <summary>The first owner, made at start from the configuration instead of by the one-time link.</summary>
public sealed class AdminOptions
{
    public const string Section = "Admin";

    /// <summary>Her e-mail, with which she signs in. Set both or none.</summary>
    public string? Email { get; set; }

    /// <summary>Her password, at least 12 characters. Only read while there is no operator; remove it afterwards.</summary>
    public string? Password { get; set; }

    internal bool IsSet => !string.IsNullOrWhiteSpace(Email) && !string.IsNullOrEmpty(Password);
}

/// <summary>Refuses half a first owner and passwords everyone tries; names the keys, never the values.</summary>
internal sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        var hasEmail = !string.IsNullOrWhiteSpace(options.Email);
        var hasPassword = !string.IsNullOrEmpty(options.Password);
        if (!hasEmail && !hasPassword) return ValidateOptionsResult.Success;

        var faults = new List<string>();
        if (!hasEmail) faults.Add("Admin:Email is missing, but Admin:Password is set: set both or none.");
        else if (!EmailAddress.IsPlausible(options.Email)) faults.Add("Admin:Email is not an e-mail address.");
        if (!hasPassword) faults.Add("Admin:Password is missing, but Admin:Email is set: set both or none.");
        else if (PasswordRules.FaultOf(options.Password!, options.Email ?? "") is { } fault) faults.Add("Admin:Password: " + fault);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
