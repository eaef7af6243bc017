namespace SmsAi.Core.Platform.Access;

/// <summary>The roles an operator may have; the same words stand in the table operator_roles.</summary>
public static class OperatorRoles
{
    public const string Viewer = nameof(Viewer);
    public const string Auditor = nameof(Auditor);
    public const string Operator = nameof(Operator);
    public const string Admin = nameof(Admin);
    public const string Owner = nameof(Owner);

    public static IReadOnlyList<string> FromMightiest { get; } = [Owner, Admin, Operator, Auditor, Viewer];
}
