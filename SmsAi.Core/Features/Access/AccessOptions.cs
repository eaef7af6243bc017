using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.Access;

/// <summary>What signing in asks for (section <c>Access</c>).</summary>
public sealed class AccessOptions
{
    public const string Section = "Access";

    /// <summary>Roles whose operators must have a second factor: until one is set up, nothing but the own account is open. Named like Owner, Admin.</summary>
    public string[] SecondFactorRoles { get; set; } = [];

    public bool DemandsFactor(string role) => SecondFactorRoles.Contains(role, StringComparer.OrdinalIgnoreCase);

    internal IEnumerable<string> Faults() => SecondFactorRoles
        .Where(role => !OperatorRoles.FromMightiest.Contains(role, StringComparer.OrdinalIgnoreCase))
        .Select(role => $"{Section}:{nameof(SecondFactorRoles)} names '{role}', which is no role. Roles are {string.Join(", ", OperatorRoles.FromMightiest)}.");
}
