namespace SmsAi.Core.Platform.Access;

/// <summary>What a key may be used for: its role gives the most, its maker may leave some out.</summary>
public static class Scopes
{
    /// <summary>Figures, the state of the switches, and people.</summary>
    public const string Read = "read";

    /// <summary>Move people to another tier, block and unblock them.</summary>
    public const string Users = "users";

    /// <summary>Kill and pause.</summary>
    public const string Stop = "stop";

    /// <summary>Lift what is stopped.</summary>
    public const string Resume = "resume";

    /// <summary>Read and verify the audit trail.</summary>
    public const string Audit = "audit";

    /// <summary>Each role with the scopes its keys may have.</summary>
    public static IReadOnlyDictionary<string, string[]> OfRole { get; } = new Dictionary<string, string[]>
    {
        [OperatorRoles.Viewer] = [Read],
        [OperatorRoles.Auditor] = [Read, Audit],
        [OperatorRoles.Operator] = [Read, Users, Stop],
        [OperatorRoles.Admin] = [Read, Users, Stop, Resume, Audit],
        [OperatorRoles.Owner] = [Read, Users, Stop, Resume, Audit],
    };
}
