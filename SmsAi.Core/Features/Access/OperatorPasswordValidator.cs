using Microsoft.AspNetCore.Identity;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Core.Features.Access;

/// <summary>Holds every way a password can be set to <see cref="PasswordRules"/>.</summary>
internal sealed class OperatorPasswordValidator : IPasswordValidator<Operator>
{
    public Task<IdentityResult> ValidateAsync(UserManager<Operator> manager, Operator user, string? password) => Task.FromResult(
        PasswordRules.FaultOf(password ?? "", user.Email ?? "", user.DisplayName) is { } fault
            ? IdentityResult.Failed(new IdentityError { Code = "Password", Description = fault })
            : IdentityResult.Success);
}
