using Microsoft.AspNetCore.Identity;

namespace SmsAi.Core.Platform.Database.Identity;

/// <summary>Someone who signs in to watch and steer the service.</summary>
public sealed class Operator : IdentityUser<long>
{
    public string DisplayName { get; set; } = "";
    public bool IsDisabled { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>What an operator may do: Viewer, Auditor, Operator, Admin or Owner.</summary>
public sealed class OperatorRole : IdentityRole<long>;
